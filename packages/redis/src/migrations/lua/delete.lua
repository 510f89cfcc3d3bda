-- ARGV: id, runs. Its runs stay.
if redis.call('EXISTS', MIGRATION) == 0 then
  redis.call('ZREM', MIGRATIONS, ARGV[1])
  return { 'unknown' }
end
if not hasRuns(ARGV[2]) then return { 'moved' } end
if newestIsOpen() then return { 'open' } end
redis.call('UNLINK', MIGRATION)
redis.call('ZREM', MIGRATIONS, ARGV[1])
return { 'deleted' }
