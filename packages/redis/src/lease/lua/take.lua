-- KEYS: lease, number of its last term. ARGV: holder, time in ms. Takes the lease when it is free, prolongs it when it is
-- the holder's own. Answers the number of the term, or 0 when another holds it. Sent twice, it is the same term.
local holder, leaseMs = unpack(ARGV)
local found = redis.call('GET', KEYS[1])
if found and found ~= holder then return 0 end
redis.call('SET', KEYS[1], holder, 'PX', leaseMs)
if found then return tonumber(redis.call('GET', KEYS[2]) or 1) end
return redis.call('INCR', KEYS[2])
