using System.Diagnostics;

namespace Swiper.Tests.Shared;

/// <summary>Waits for something that nothing announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static void Holds(Func<bool> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            ThrowIfLate(begun, what);
            Thread.Sleep(Pause);
        }
    }

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            ThrowIfLate(begun, what);
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits without keeping a thread.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    private static void ThrowIfLate(long begun, string what)
    {
        if (Stopwatch.GetElapsedTime(begun) > Patience.Limit)
            Assert.Fail($"In vain waited for: {what}");
    }
}
