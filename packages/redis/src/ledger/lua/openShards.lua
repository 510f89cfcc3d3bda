-- ARGV: window, most to take in one call. Takes shards in the plan's order until `window` of them are open.
if runIsOver() or runIsPaused() then return {} end
local shards, cursor = unpack(redis.call('HMGET', RUN, 'shards', 'cursor'))
shards, cursor = tonumber(shards), tonumber(cursor)
local room = math.min(tonumber(ARGV[1]) - redis.call('SCARD', OPEN), tonumber(ARGV[2]))
-- If the set of open shards is lost, its shards would never be opened again: all shards are checked once more.
if cursor >= shards and redis.call('SCARD', OPEN) == 0 and doneShards() < shards then cursor = 0 end
local taken, looked = {}, 0
while #taken < room and cursor < shards and looked < 10000 do
  local lines = readShard(cursor)
  if not (lines and lines[STATE] == 'done') then
    redis.call('SADD', OPEN, cursor)
    taken[#taken + 1] = cursor
  end
  cursor, looked = cursor + 1, looked + 1
end
redis.call('HSET', RUN, 'cursor', cursor)
return taken
