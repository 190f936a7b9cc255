using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

[EventIds(1000, 1099, "Requests")]
internal static partial class DispatchLog
{
    [Description("a bug: report the exception. The client was answered 1000, with the same reference in the message")]
    [LoggerMessage(1000, LogLevel.Error, "{Opcode} failed, reference {ConnectionId}/{RequestId}")]
    public static partial void HandlerFailed(ILogger logger, Opcode opcode, string connectionId, uint requestId, Exception exception);

    // Debug, because a store that is down fails every request; that it is down the store itself says once.
    [LoggerMessage(1001, LogLevel.Debug, "{Opcode} met a store that is not available, reference {ConnectionId}/{RequestId}")]
    public static partial void StoreUnavailable(ILogger logger, Opcode opcode, string connectionId, uint requestId);
}
