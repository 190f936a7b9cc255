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
}
