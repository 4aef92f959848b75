-- Signups for wrk, each with an address and a client of its own. Arguments: run number, Host header.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local domains = {
  "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "gmx.de", "web.de", "aol.com",
  "gmail.com", "yahoo.co.uk", "live.com", "orange.fr", "gmail.com", "mit.edu", "siemens.com", "protonmail.com",
}
local n = 0
local head, visitor

function init(args)
  head = table.concat({
    "POST /signups HTTP/1.1", "Host: " .. args[2], "Content-Type: application/json", "Accept: */*",
    "Accept-Language: en-US,en;q=0.9", "Origin: https://shop.example",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "X-Forwarded-For: ",
  }, "\r\n")
  visitor = "visitor." .. args[1] .. "." .. number .. "."
  first = (tonumber(args[1]) * 4 + number) * 2097152
end

function request()
  n = n + 1
  local client = first + n
  local body = '{"email":"' .. visitor .. n .. "@" .. domains[n % 16 + 1]
    .. '","list":"default","source":"bench","consent":"Yes, send me the newsletter, once a month at most."}'
  return head .. (20 + math.floor(client / 16777216)) .. "." .. (math.floor(client / 65536) % 256) .. "."
    .. (math.floor(client / 256) % 256) .. "." .. (client % 256)
    .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answers":%d,"refused":%d,"broken":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"longest":%.3f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
