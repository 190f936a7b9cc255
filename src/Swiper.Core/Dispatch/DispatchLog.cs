using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

[EventIds(1000, 1099, "Requests")]
internal static partial class DispatchLog
{
    [Description("a bug: report the exception. The client got error 1000 with the same reference in its message")]
    [LoggerMessage(1000, LogLevel.Error, "{Opcode} failed; reference {ConnectionId}/{RequestId}")]
    public static partial void HandlerFailed(ILogger logger, Opcode opcode, string connectionId, uint requestId, Exception exception);

    // Debug: a store that is down fails every request, and logs once itself that it is down.
    [LoggerMessage(1001, LogLevel.Debug, "{Opcode} failed: the store is unavailable; reference {ConnectionId}/{RequestId}")]
    public static partial void StoreUnavailable(ILogger logger, Opcode opcode, string connectionId, uint requestId);

    [Description("for its turn: the connection or its user asks for more at once than the limits and shares allow. In the lane, or for "
        + "the commit: the shard's disk or server is slow, or has too much to do. For the rest: a search, a query, Redis, or a pause of "
        + "the process. One line a second; `swiper.requests.slow` counts all. `Ops:SlowRequest` is the bound")]
    [LoggerMessage(1050, LogLevel.Warning,
        "Slow: {Operation} on {ConnectionId} of user {Uid}, code {Code}, took {Total:0} ms: {Turn:0} for its turn, {Lane:0} in the lane, "
        + "{Commit:0} for the commit, {Rest:0} for the rest; {Count} such since the last line")]
    public static partial void Slow(
        ILogger logger, string operation, string connectionId, long uid, int code, double total, double turn, double lane, double commit,
        double rest, int count);
}
