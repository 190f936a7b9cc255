using System.Globalization;

namespace Swiper.Storage.Checking;

/// <summary>How far a server's clock is from this machine's.</summary>
internal static class ClockDifference
{
    // Days, ages and quotas of a host that is a second off are wrong for a second a day, which nobody notices.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    /// <param name="subject">The server.</param>
    /// <param name="server">What its clock said, some time between the two others.</param>
    /// <param name="before">This machine's clock before it was asked.</param>
    /// <param name="after">The same after the answer.</param>
    public static Finding Judge(string subject, DateTimeOffset server, DateTimeOffset before, DateTimeOffset after)
    {
        var least = server < before ? before - server : server > after ? server - after : TimeSpan.Zero;
        var text = string.Create(CultureInfo.InvariantCulture, $"its clock is {least.TotalSeconds:0.0} s from this machine's at least");
        return least <= Most
            ? Finding.Ok(subject, "its clock is this machine's")
            : Finding.Problem(subject, $"{text}: keep both in time with NTP");
    }
}
