-- The rule isExactSplit of core, inside Redis: the range and its checkpoint are known here only. ARGV: shard, attempt,
-- name of the last write, name of this write, then the cuts, each a key as the plan has it. The shard ends at the first
-- cut; what lies behind becomes new shards at the plan's end, so that the table's ranges are one chain as before.
local shard, attempt, last, write = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lines = readShard(shard)
if lines and lines[WRITE] == write then return { 'written' } end
if runIsOver() then return { 'over' } end
if not isHeld(lines, attempt, last) then return { 'fenced' } end

local planned = linesOf(redis.call('LINDEX', PLAN, shard))
local tableIndex, after, upTo = planned[1], planned[2], planned[3]
local isTaken = { [''] = true, [after] = true, [upTo] = true }
for place = 5, #ARGV do
  if isTaken[ARGV[place]] or place > 5 and ARGV[place] == lines[CHECKPOINT] then return { 'inexact' } end
  isTaken[ARGV[place]] = true
end
if #ARGV < 5 or planned[4] then return { 'inexact' } end

redis.call('LSET', PLAN, shard, tableIndex .. '\n' .. after .. '\n' .. ARGV[5])
for place = 5, #ARGV do
  redis.call('RPUSH', PLAN, tableIndex .. '\n' .. ARGV[place] .. '\n' .. (ARGV[place + 1] or upTo))
end
redis.call('HSET', RUN, 'shards', redis.call('LLEN', PLAN))
tally(tableIndex, 'shards', #ARGV - 4)
lines[WRITE] = write
writeShard(shard, lines)
return { 'written' }
