-- ARGV: shard, attempt, name of this write, then the cuts, each a key as the plan has it. The shard ends at the first
-- cut; what lies behind becomes new shards at the plan's end, so that the table's ranges are one chain as before.
local shard, attempt, write = ARGV[1], ARGV[2], ARGV[3]
local lines = readShard(shard)
if lines and lines[WRITE] == write then return { 'written' } end
if runIsOver() then return { 'over' } end
if not lines or lines[STATE] ~= 'running' or lines[ATTEMPT] ~= attempt then return { 'fenced' } end

local planned = linesOf(redis.call('LINDEX', PLAN, shard))
local tableIndex, after, upTo = planned[1], planned[2], planned[3]
local isTaken = { [''] = true, [after] = true, [upTo] = true }
for place = 4, #ARGV do
  if isTaken[ARGV[place]] or place > 4 and ARGV[place] == lines[CHECKPOINT] then return { 'inexact' } end
  isTaken[ARGV[place]] = true
end
if #ARGV < 4 then return { 'inexact' } end

redis.call('LSET', PLAN, shard, tableIndex .. '\n' .. after .. '\n' .. ARGV[4])
for place = 4, #ARGV do
  redis.call('RPUSH', PLAN, tableIndex .. '\n' .. ARGV[place] .. '\n' .. (ARGV[place + 1] or upTo))
end
redis.call('HSET', RUN, 'shards', redis.call('LLEN', PLAN))
tally(tableIndex, 'shards', #ARGV - 3)
lines[WRITE] = write
writeShard(shard, lines)
return { 'written' }
