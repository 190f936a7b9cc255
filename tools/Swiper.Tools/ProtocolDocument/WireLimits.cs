using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The limits that a client meets, as the options have them by default.</summary>
internal static class WireLimits
{
    private static readonly ConnectionLimits Connections = new();
    private static readonly AccountOptions Accounts = new();
    private static readonly QuotaOptions Quotas = new();

    public static IReadOnlyDictionary<string, WireLimit> ByName { get; } = new Dictionary<string, WireLimit>
    {
        ["connections"] = new("connections to a host", Connections.Connections, null, "closed at once, without a frame"),
        ["address_connections"] = new(
            "of them from one IPv4 address, or one IPv6 network of 64 bits", Connections.ConnectionsPerAddress, null,
            "closed at once, without a frame"),
        ["address_connections_begun"] = new(
            "connections that one such address begins", Connections.NewConnectionsPerAddress, "a minute",
            "closed at once, without a frame"),
        ["user_connections"] = new(
            "signed-in connections of a user to a host", SessionRegistry.MaxSessions, null,
            "the oldest is signed out: push 704, \"replaced\""),
        ["max_frame"] = new(
            "frame sent to the server; `max_frame` of `hello`", Connections.MaxFrame, "bytes", "1006, and the connection closes"),
        ["in_flight"] = new(
            "requests of a connection in flight; `max_in_flight` of `hello`", Connections.InFlight, null,
            "the server stops reading until one is answered"),
        ["pace"] = new(
            "frames, and KB of them and of their replies, of a connection; a tenth while nobody is signed in; no limit in Development",
            ConnectionLimits.DefaultPace, "a second", "the server reads on later"),
        ["user_reads"] = Share("that read", RequestCost.Read),
        ["user_writes"] = Share("that write", RequestCost.Write),
        ["user_swipes"] = Share("that swipe", RequestCost.Swipe),
        ["user_searches"] = Share("that search", RequestCost.Search),
        ["quota_reads"] = Quota("that read", Quotas.ReadsPerMinute),
        ["quota_writes"] = Quota("that write", Quotas.WritesPerMinute),
        ["quota_swipes"] = Quota("that swipe", Quotas.SwipesPerMinute),
        ["quota_searches"] = Quota("that search", Quotas.SearchesPerMinute),
        ["users_per_address"] = new(
            "of these quotas, an address has those of so many users", Quotas.UsersPerAddress, null, "1005"),
        ["first_frame"] = new("until the first frame is complete", Seconds(Connections.FirstFrame), "s", "connection closed"),
        ["signed_in"] = new(
            "from connecting, or being signed out, to signing in; no limit in Development",
            Seconds(Connections.SignInFor(isDevelopment: false)!.Value), "s", "connection closed"),
        ["frame"] = new("from the first byte of a frame to its last", Seconds(Connections.Frame), "s", "connection closed"),
        ["idle"] = new("between frames", Seconds(Connections.Idle), "s", "connection closed"),
        ["max_unsent"] = new("bytes unread by the client", Connections.MaxUnsent, "bytes", "connection closed"),
        ["send"] = new(
            "time in which the client reads nothing of what is waiting", Seconds(Connections.Send), "s", "connection closed"),
        ["pushes_kept"] = new("pushes kept for a user, for 7 days", IPushRepository.Kept, null, "the oldest are dropped"),
        ["send_code"] = new("messages with a code that an address causes", Accounts.CodesPerAddressPerHour, "an hour", "1005"),
        ["sign_in"] = new(
            "requests from an address that ask for a code or try one", Accounts.SignInsPerAddressPerMinute, "a minute", "1005"),
        ["resume"] = new(
            "requests from an address that ask for a code, try one or present a token, of connections that have failed 5 times",
            Accounts.SignInsPerAddressPerMinute / 10, "a minute", "1005"),
    };

    private static WireLimit Quota(string which, int most) => new($"requests {which}, of a user", most, "a minute", "1005");

    private static WireLimit Share(string which, RequestCost cost) => new(
        $"requests {which}, of a user on a host, in progress", UserShare.Of(cost), null,
        "the server stops reading from connections that ask for more, until some are answered");

    private static long Seconds(TimeSpan time) => (long)time.TotalSeconds;
}
