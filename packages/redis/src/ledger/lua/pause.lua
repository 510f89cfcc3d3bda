-- ARGV: now. Marks a run that is neither settled nor cancelled; the first pause counts.
local state, cancelled, pausedAt = unpack(redis.call('HMGET', RUN, 'state', 'cancelRequested', 'pausedAt'))
if not state or state == 'settled' or cancelled == '1' then return { 'nothing' } end
if not pausedAt or pausedAt == '' then redis.call('HSET', RUN, 'pausedAt', ARGV[1]) end
return { 'paused' }
