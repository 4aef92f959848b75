// The three ways in which a signup may come; what guards the form holds for each of them alike.
import { postForm, postMultipart } from './http.ts'
import type { TestService } from './running-service.ts'

type Fields = Record<string, string>

export const encodings: [name: string, post: (service: TestService, fields: Fields) => Promise<Response>][] =
  [
    ['application/json', (service, fields) => service.signUp(fields)],
    ['application/x-www-form-urlencoded', (service, fields) => postForm(service, '/signups', fields)],
    ['multipart/form-data', (service, fields) => postMultipart(service, '/signups', fields)],
  ]
