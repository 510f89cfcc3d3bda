-- KEYS: grants, waiting, hosts, state. ARGV: request as JSON. Times are those of this Redis, in ms.
-- grants: token -> { run, until, hosts = { id -> statements } }.  waiting: token -> { run, seen, came, hosts = { id -> 1 } }.
-- hosts: "<id> rows", "<id> bytes" -> balance and time; "<id> state", "<id> pauses" -> JSON; "<id> lease" -> holder and end.
-- state: since, last, count; "run <id>" -> count of its last grant. All vanish when unused for an hour.
local GRANTS, WAITING, HOSTS, STATE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local request = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function keep()
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, request.keptMs) end
end

-- Each name with its JSON, decoded. Something that is no JSON was not written here: it is removed.
local function all(key)
  local found, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local isRead, value = pcall(cjson.decode, flat[i + 1])
    if isRead then found[flat[i]] = value else redis.call('HDEL', key, flat[i]) end
  end
  return found
end

-- Without a state the grants are lost as well: nothing is admitted until every process has told what it holds.
-- A clock that jumped ends no grant: all get their time anew, and those of dead processes end by that.
local function begin()
  local since = tonumber(redis.call('HGET', STATE, 'since'))
  local last = tonumber(redis.call('HGET', STATE, 'last'))
  if not since then
    since = now
    redis.call('HSET', STATE, 'since', since)
  elseif last and (now < last or now - last > request.grantMs) then
    for token, grant in pairs(all(GRANTS)) do
      grant['until'] = now + request.grantMs
      redis.call('HSET', GRANTS, token, cjson.encode(grant))
    end
    if now < since then
      since = 0
      redis.call('HSET', STATE, 'since', since)
    end
  end
  redis.call('HSET', STATE, 'last', now)
  return since
end

local function balanceOf(host, rate, perSecond)
  local field = host .. ' ' .. rate
  local text = redis.call('HGET', HOSTS, field)
  local balance, at = perSecond, now
  if text then
    local b, t = string.match(text, '^(%S+) (%S+)$')
    if b then balance, at = tonumber(b), tonumber(t) end
  end
  local elapsed = math.max(0, now - at)
  return math.min(perSecond, balance + elapsed * perSecond / 1000)
end

local function setBalance(host, rate, balance)
  redis.call('HSET', HOSTS, host .. ' ' .. rate, string.format('%.3f %d', balance, now))
end

-- Only what has a limit is counted. `rates`: { rows = per second, bytes = per second }.
local function charge(one, amounts)
  for rate, perSecond in pairs(one.rates) do
    if amounts[rate] ~= 0 then setBalance(one.host, rate, balanceOf(one.host, rate, perSecond) - amounts[rate]) end
  end
end

for _, one in ipairs(request.charges) do charge(one, one) end
