-- request: token, run, needs = { { host, streams, maxStreams?, rows, bytes, rates, hasSignals } }, holder, sampleMs, freshMs,
-- leaseMs, waitingMs, recoverMs. Answers { 'granted' | 'wait', now, index of the need, kind, two numbers or a text, then for each
-- server to be asked by this caller: index of the need, its state, its pauses }.
local since = begin()
keep()

local asked = {}
local function answer(first, ...)
  local reply = { first, tostring(now), ... }
  while #reply < 6 do reply[#reply + 1] = '' end
  for _, text in ipairs(asked) do reply[#reply + 1] = text end
  return reply
end

local function samplesToTake()
  for i, need in ipairs(request.needs) do
    if need.hasSignals then
      local text = redis.call('HGET', HOSTS, need.host .. ' state')
      local at = text and cjson.decode(text).atMs
      local holder, ends = string.match(redis.call('HGET', HOSTS, need.host .. ' lease') or '', '^(%S+) (%d+)$')
      local isLeased = ends and tonumber(ends) > now and tonumber(ends) <= now + request.leaseMs
      if (not at or math.abs(now - at) >= request.sampleMs) and not isLeased then
        redis.call('HSET', HOSTS, need.host .. ' lease', request.holder .. ' ' .. (now + request.leaseMs))
        asked[#asked + 1] = tostring(i)
        asked[#asked + 1] = text or ''
        asked[#asked + 1] = redis.call('HGET', HOSTS, need.host .. ' pauses') or ''
      end
    end
  end
end
samplesToTake()

-- Asked again after a lost answer: it has its grant.
if redis.call('HEXISTS', GRANTS, request.token) == 1 then return answer('granted') end

-- What waits for this is not in line: it holds up nobody.
local function aside(...)
  redis.call('HDEL', WAITING, request.token)
  return answer('wait', ...)
end

if now - since < request.recoverMs then return aside('1', 'recovering', tostring(request.recoverMs - (now - since))) end
for i, need in ipairs(request.needs) do
  if need.hasSignals then
    local text = redis.call('HGET', HOSTS, need.host .. ' state')
    if not text then return aside(tostring(i), 'state', '') end
    local state = cjson.decode(text)
    if #state.reasons > 0 or math.abs(now - state.atMs) > request.freshMs then return aside(tostring(i), 'state', text) end
  end
end

local used, heldBy = {}, {}
for token, grant in pairs(all(GRANTS)) do
  if grant['until'] <= now then
    redis.call('HDEL', GRANTS, token)
  else
    for host, streams in pairs(grant.hosts) do
      used[host] = (used[host] or 0) + streams
      heldBy[grant.run] = (heldBy[grant.run] or 0) + streams
    end
  end
end

local hosts = {}
for _, need in ipairs(request.needs) do hosts[need.host] = 1 end
local waiting = all(WAITING)
local own = waiting[request.token] or { came = tonumber(redis.call('HINCRBY', STATE, 'count', 1)) }
own.run, own.seen, own.hosts = request.run, now, hosts
redis.call('HSET', WAITING, request.token, cjson.encode(own))

local function lastOf(run) return tonumber(redis.call('HGET', STATE, 'run ' .. run) or 0) end
local ownHeld, ownLast = heldBy[own.run] or 0, lastOf(own.run)
-- Between runs alone: whichever shard of a run looks first may go, so that no place is idle until one of them looks.
local function isBefore(other)
  if other.run == own.run then return false end
  local held = heldBy[other.run] or 0
  if held ~= ownHeld then return held < ownHeld end
  local last = lastOf(other.run)
  if last ~= ownLast then return last < ownLast end
  return other.came < own.came
end

for token, other in pairs(waiting) do
  if token ~= request.token then
    if math.abs(now - other.seen) > request.waitingMs then
      redis.call('HDEL', WAITING, token)
    else
      local shares = false
      for host in pairs(other.hosts) do shares = shares or hosts[host] ~= nil end
      if shares and isBefore(other) then return answer('wait', '1', 'turn', other.run) end
    end
  end
end

for i, need in ipairs(request.needs) do
  local running = used[need.host] or 0
  if need.maxStreams and running + need.streams > need.maxStreams then
    return answer('wait', tostring(i), 'streams', tostring(running))
  end
  for rate, perSecond in pairs(need.rates) do
    local balance = balanceOf(need.host, rate, perSecond)
    if balance <= 0 then return answer('wait', tostring(i), rate, tostring(math.ceil(-balance))) end
  end
end

local granted = { run = request.run, hosts = {}, ['until'] = now + request.grantMs }
for _, need in ipairs(request.needs) do
  granted.hosts[need.host] = need.streams
  charge(need, need)
end
redis.call('HSET', GRANTS, request.token, cjson.encode(granted))
redis.call('HDEL', WAITING, request.token)
if redis.call('HLEN', STATE) > request.runsMax then
  for _, field in ipairs(redis.call('HKEYS', STATE)) do
    if string.sub(field, 1, 4) == 'run ' then redis.call('HDEL', STATE, field) end
  end
end
redis.call('HSET', STATE, 'run ' .. request.run, redis.call('HINCRBY', STATE, 'count', 1))
keep()
return answer('granted')
