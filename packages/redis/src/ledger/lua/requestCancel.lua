-- Marks a run that is not settled; doing it twice is doing it once.
local state = redis.call('HGET', RUN, 'state')
if not state or state == 'settled' then return { 'nothing' } end
redis.call('HSET', RUN, 'cancelRequested', '1')
return { 'cancelled' }
