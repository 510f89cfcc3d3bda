-- ARGV: watch id, generation, followed run ('' for none), now. Only the generation behind the last one begins. The same
-- call sent again finds what it wrote.
local watchId, generation, follows, now = unpack(ARGV)
local packed = redis.call('HGET', WATCHES, watchId)
if not packed then return { 'other' } end
local lines = linesOf(packed)
if lines[GENERATION] == generation and lines[BEGAN] == now and lines[FOLLOWS] == follows then return { 'began' } end
if tonumber(lines[GENERATION]) + 1 ~= tonumber(generation) then return { 'other' } end
lines[GENERATION], lines[FOLLOWS], lines[BEGAN] = generation, follows, now
redis.call('HSET', WATCHES, watchId, table.concat(lines, '\n'))
return { 'began' }
