using System.Diagnostics;

namespace Swiper.Storage.Tests.Redis;

/// <summary>Waits for something that nothing announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void Holds(Func<bool> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                Assert.Fail($"In vain waited for: {what}");
            Thread.Sleep(10);
        }
    }

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                Assert.Fail($"In vain waited for: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
