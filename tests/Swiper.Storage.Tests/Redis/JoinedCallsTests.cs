using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Tests.Redis;

public sealed class JoinedCallsTests : IDisposable
{
    private readonly Queue<TaskCompletionSource<int>> _open = [];
    private readonly SemaphoreSlim _begun = new(0);
    private readonly JoinedCalls<string, int> _calls;
    private int _made;

    public JoinedCallsTests() => _calls = new JoinedCalls<string, int>(_ =>
    {
        var call = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_open)
        {
            _made++;
            _open.Enqueue(call);
        }

        _begun.Release();
        return call.Task;
    });

    public void Dispose() => _begun.Dispose();

    [Fact]
    public async Task All_who_ask_while_a_call_is_under_way_share_the_next_one()
    {
        var first = _calls.AskAsync("a");
        await BegunAsync();
        var rest = Enumerable.Range(0, 64).Select(_ => _calls.AskAsync("a")).ToList();
        End(1);
        Assert.Equal(1, await first);
        await BegunAsync();
        End(2);
        Assert.All(await Task.WhenAll(rest), answer => Assert.Equal(2, answer));
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Different_questions_do_not_wait_for_each_other()
    {
        var one = _calls.AskAsync("a");
        var other = _calls.AskAsync("b");
        await BegunAsync();
        await BegunAsync();
        End(1);
        End(2);
        Assert.Equal(3, await one + await other);
    }

    [Fact]
    public async Task A_call_that_fails_fails_for_those_who_share_it_alone()
    {
        var first = _calls.AskAsync("a");
        await BegunAsync();
        var second = _calls.AskAsync("a");
        _open.Dequeue().SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await BegunAsync();
        End(2);
        Assert.Equal(2, await second);

        var later = _calls.AskAsync("a");
        await BegunAsync();
        End(3);
        Assert.Equal(3, await later);
    }

    private Task BegunAsync() => _begun.WaitAsync(TestContext.Current.CancellationToken);

    private void End(int answer) => _open.Dequeue().SetResult(answer);
}
