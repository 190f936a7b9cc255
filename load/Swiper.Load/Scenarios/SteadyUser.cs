using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>
/// A user that keeps its connection, reconnects when it is lost, and cycles through <paramref name="steps"/>.
/// </summary>
/// <param name="ask">Makes the request of a step.</param>
internal sealed class SteadyUser(SwiperClient client, int steps, Func<SwiperClient, int, ValueTask<StepOutcome>> ask) : IVirtualUser
{
    private int _asked = -1;

    public ValueTask<int> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(steps == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _asked) % (uint)steps));
    }

    public ValueTask<StepOutcome> RunAsync(int step) => ask(client, step);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
