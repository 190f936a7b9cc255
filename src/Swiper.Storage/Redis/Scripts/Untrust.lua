-- ARGV: groups. None of them is trusted afterwards, and a mending under way can't finish: it may have missed what this is about.
-- Answers those that live elsewhere (+ 64).

local answer = {}
for _, group in ipairs(ARGV) do
    local prefix = prefix_of(group)
    local done = redis.pcall('DEL', prefix .. 'index', prefix .. 'mending', prefix .. 'missed')
    if type(done) == 'table' then
        answer[#answer + 1] = group + 64
    end
end
return answer
