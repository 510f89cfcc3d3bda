-- ARGV: window, most to take in one call. Takes shards in the plan's order until `window` of them are open.
if runIsOver() or runIsPaused() then return {} end
local shards, cursor, keyShards = unpack(redis.call('HMGET', RUN, 'shards', 'cursor', 'keyShards'))
shards, cursor, keyShards = tonumber(shards), tonumber(cursor), tonumber(keyShards or 0)
local room = math.min(tonumber(ARGV[1]) - redis.call('SCARD', OPEN), tonumber(ARGV[2]))
-- If the set of open shards is lost, its shards would never be opened again: all shards are checked once more.
if cursor >= shards and redis.call('SCARD', OPEN) == 0 and doneShards() < shards then cursor = 0 end
-- No range before every shard that holds keys is done. These come first, so no other one can be done meanwhile.
local last = doneShards() < keyShards and keyShards or shards
local taken, looked = {}, 0
while #taken < room and cursor < last and looked < 10000 do
  local lines = readShard(cursor)
  if not (lines and lines[STATE] == 'done') then
    redis.call('SADD', OPEN, cursor)
    taken[#taken + 1] = cursor
  end
  cursor, looked = cursor + 1, looked + 1
end
redis.call('HSET', RUN, 'cursor', cursor)
return taken
