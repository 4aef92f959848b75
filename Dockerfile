# The service without its PostgreSQL server and without the packages of development: Node comes with the image.
# There is nothing to build: Node runs the TypeScript as it is. How it is run: docs/operating.md, "Containers".
FROM node:26-slim

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

COPY require-node.mjs ./
COPY migrations migrations/
COPY templates templates/
COPY src src/

# In a container 127.0.0.1 is the container itself; DATA_DIR must belong to the user that runs the service.
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN install --directory --owner=node --group=node --mode=700 /data
USER node
EXPOSE 3000

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "--max-semi-space-size=8", "--import", "./require-node.mjs", "src/main.ts"]
