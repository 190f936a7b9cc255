-- ARGV: groups. Answers those that are untrusted and nobody mends (as they are), those that live elsewhere (+ 64), and those that are
-- being mended (+ 192).

local run = run_id()
local answer = {}
for _, group in ipairs(ARGV) do
    local prefix = prefix_of(group)
    local trusted, problem = is_trusted(prefix, run)
    if problem then
        answer[#answer + 1] = group + 64
    elseif not trusted then
        answer[#answer + 1] = group + (redis.call('EXISTS', prefix .. 'mending') == 1 and 192 or 0)
    end
end
return answer
