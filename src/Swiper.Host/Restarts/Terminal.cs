namespace Swiper.Host.Restarts;

/// <summary>
/// The terminal that this process was started from. SIGHUP also comes when it is closed, and then nobody wants a host that lives on.
/// </summary>
internal static class Terminal
{
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
