namespace Swiper.EndToEnd.Running;

/// <summary>Waits for things that come by themselves.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

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
}
