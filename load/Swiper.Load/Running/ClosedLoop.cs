using System.Diagnostics;
using Swiper.Load.Measuring;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>
/// Each user keeps the same number of requests in flight and sends the next when one ends. A slow server gets fewer requests.
/// </summary>
internal sealed class ClosedLoop(int inFlight, Recorder recorder, Window window) : ILoop, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    public Task RunAsync(IReadOnlyList<IVirtualUser> users) =>
        Task.WhenAll(users.SelectMany(user => Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => AskOrEndAsync(user)))));

    public void Finish() => _over.Cancel();

    public void Abandon() => Finish();

    public void Dispose() => _over.Dispose();

    private async Task AskAsync(IVirtualUser user)
    {
        var over = _over.Token;
        while (!over.IsCancellationRequested)
        {
            int step;
            try
            {
                step = await user.NextAsync(over).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            var sent = Stopwatch.GetTimestamp();
            recorder.Record(step, await user.RunAsync(step).ConfigureAwait(false), sent);
        }
    }

    // A bug in the runner must surface at once, not at the end of a long run.
    private async Task AskOrEndAsync(IVirtualUser user)
    {
        try
        {
            await AskAsync(user).ConfigureAwait(false);
        }
        catch
        {
            window.EndEarly();
            throw;
        }
    }
}
