-- ARGV: shard, attempt, name of the last write, name of this write. Hands the shard back at its checkpoint, and takes
-- back this attempt's strike.
local shard, attempt, last, write = unpack(ARGV)
local lines = readShard(shard)
if lines and lines[WRITE] == write then return { 'written' } end
if runIsOver() then return { 'over' } end
if not isHeld(lines, attempt, last) then return { 'fenced' } end

lines[STATE], lines[HOLDER], lines[WRITE] = 'planned', '', write
lines[STRIKES] = integer(math.max(0, tonumber(lines[STRIKES]) - 1))
setPending(lines, '')
tally(lines[TABLE], 'running', -1)
writeShard(shard, lines)
return { 'written' }
