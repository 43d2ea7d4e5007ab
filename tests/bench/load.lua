-- The load that wrk sends: the requests in the file BENCH_REQUESTS, one a line as
-- "/Operation body", over and over. At the end it prints its figures on one line.

local requests, at = {}, 0
local headers = {
  ["Content-Type"] = "application/json",
  ["Authorization"] = os.getenv("BENCH_AUTHORIZATION"),
}

function init()
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local path, body = line:match("^(%S+) (.*)$")
    requests[#requests + 1] = wrk.format("POST", path, headers, body)
  end
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("figures requests=%d us=%d p50=%d p99=%d p999=%d failed=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
