using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The limits that a client meets, as the options have them by default.</summary>
internal static class WireLimits
{
    private static readonly ConnectionLimits Connections = new();
    private static readonly AccountOptions Accounts = new();

    /// <summary>What stands in braces in the text.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>
    {
        ["max_frame"] = Number(Connections.MaxFrame),
        ["in_flight"] = Number(Connections.InFlight),
        ["max_unsent"] = Number(Connections.MaxUnsent),
        ["first_frame"] = Time(Connections.FirstFrame),
        ["frame"] = Time(Connections.Frame),
        ["idle"] = Time(Connections.Idle),
        ["send"] = Time(Connections.Send),
        ["pushes_kept"] = Number(IPushRepository.Kept),
        ["frame_faults"] = string.Join(
            '\n', Enum.GetValues<FrameFault>().Except([FrameFault.None]).Select(fault => $"  - {fault.Rule()}")),
    };

    /// <summary>Each limit, how much it is, and what happens there.</summary>
    public static IReadOnlyList<(string What, string Default, string Beyond)> Rows { get; } =
    [
        ("connections to a host", Number(Connections.Connections), "closed at once, without a frame"),
        ("signed-in connections of a user to a host", Number(SessionRegistry.MaxSessions),
            "the oldest is signed out: push 704, \"replaced\""),
        ("frame sent to the server", $"{Number(Connections.MaxFrame)} bytes (`max_frame` of `hello`)", "1006, and the connection closes"),
        ("requests of a connection in flight", $"{Number(Connections.InFlight)} (`max_in_flight` of `hello`)",
            "the server stops reading until one is answered"),
        ("until the first frame is complete", Time(Connections.FirstFrame), "connection closed"),
        ("from the first byte of a frame to its last", Time(Connections.Frame), "connection closed"),
        ("between frames", Time(Connections.Idle), "connection closed"),
        ("bytes unread by the client", Number(Connections.MaxUnsent), "connection closed"),
        ("time in which the client reads nothing of what is waiting", Time(Connections.Send), "connection closed"),
        ("pushes kept for a user", Number(IPushRepository.Kept), "the oldest are dropped"),
        ("`request_code` from an address", $"{Number(Accounts.CodesPerAddressPerHour)} an hour", "1005"),
        ("`login` and `resume` from an address", $"{Number(Accounts.SignInsPerAddressPerMinute)} a minute", "1005"),
    ];

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalSeconds < 120
        ? $"{time.TotalSeconds:0} seconds"
        : $"{time.TotalMinutes:0} minutes";
}
