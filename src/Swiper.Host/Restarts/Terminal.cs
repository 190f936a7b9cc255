using System.Globalization;

namespace Swiper.Host.Restarts;

/// <summary>
/// The terminal that this process was started from. SIGHUP also comes when it is closed, and then nobody wants a host that lives on.
/// </summary>
internal static class Terminal
{
    private const int HangUp = 1;

    /// <summary>
    /// Whether this process was started to ignore SIGHUP, as `nohup` does, so that it outlives the terminal. A handler would undo that,
    /// and could not tell who sends the signal. Asked before there is one.
    /// </summary>
    public static bool IgnoresHangUp()
    {
        const string Ignored = "SigIgn:";
        if (!OperatingSystem.IsLinux())
            return false;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Ignored, StringComparison.Ordinal));
        // A bit a signal, from 1.
        return line is not null && (ulong.Parse(
            line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1UL << (HangUp - 1)) != 0;
    }

    /// <summary>Whether there is one; a terminal that is closed can't be opened any more.</summary>
    public static bool IsThere()
    {
        try
        {
            using var terminal = File.OpenHandle("/dev/tty");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
