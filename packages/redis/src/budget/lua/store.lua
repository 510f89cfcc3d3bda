-- request: holder, host, state, pauses (JSON texts). Writes what a server said of itself, if this caller was to ask it.
local lease = redis.call('HGET', HOSTS, request.host .. ' lease') or ''
if string.sub(lease, 1, #request.holder + 1) ~= request.holder .. ' ' then return { 'late' } end
redis.call('HSET', HOSTS, request.host .. ' state', request.state, request.host .. ' pauses', request.pauses)
redis.call('HDEL', HOSTS, request.host .. ' lease')
keep()
return { 'stored' }
