-- ARGV: now. Takes the mark of a pause away, and adds its time to that of the pauses before.
local state, cancelled = unpack(redis.call('HMGET', RUN, 'state', 'cancelRequested'))
if not state or state == 'settled' or cancelled == '1' then return { 'nothing' } end
endPause(ARGV[1])
return { 'resumed' }
