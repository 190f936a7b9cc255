namespace Swiper.EndToEnd.Running;

/// <summary>Waits for things that come by themselves.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NearMidnight = TimeSpan.FromSeconds(45);

    /// <summary>Returns once it is so, and fails where it is still not so after all patience.</summary>
    /// <param name="what">What was waited for, for the message.</param>
    /// <param name="isSo">Asked again and again.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var deadline = Environment.TickCount64 + (long)Budget.Patience.TotalMilliseconds;
        while (!await isSo())
        {
            Assert.True(Environment.TickCount64 < deadline, $"waited in vain: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}})"/>
    public static Task UntilAsync(string what, Func<bool> isSo) => UntilAsync(what, () => Task.FromResult(isSo()));

    /// <summary>
    /// Returns at once, but for the last moments of a day (UTC): the boards of days and weeks would begin anew before they are read.
    /// </summary>
    public static Task UntilMidnightIsFarAsync() =>
        UntilAsync("the next day", () => DateTime.UtcNow.TimeOfDay < TimeSpan.FromDays(1) - NearMidnight);
}
