-- ARGV: group, token. Gives the mending up; the group stays untrusted.

local prefix, token = prefix_of(ARGV[1]), ARGV[2]
local holder = redis.call('GET', prefix .. 'mending')
if holder == token or holder == token .. '+' then
    redis.call('DEL', prefix .. 'mending', prefix .. 'missed')
end
return 1
