using Swiper.Core.Protocol;

namespace Swiper.Host.Web;

/// <summary>An operation that is refused; the message tells the operator why, in one line.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">One sentence.</param>
internal sealed class OperationException(int status, string message) : Exception(message)
{
    public int Status => status;
}

/// <summary>The body of every reply to an operation that failed.</summary>
/// <param name="Error">What went wrong, for the operator.</param>
internal sealed record OperationError(string Error);

/// <summary>Replies of operations.</summary>
internal static class OperationReplies
{
    /// <summary>The value of an outcome.</summary>
    /// <exception cref="OperationException">There is none.</exception>
    public static T ToReply<T>(this Outcome<T> outcome) => outcome.IsOk
        ? outcome.Value
        : throw new OperationException(StatusOf(outcome.Failure.Code), outcome.Failure.Message);

    private static int StatusOf(StatusCode code) => code switch
    {
        StatusCode.BadParams => StatusCodes.Status400BadRequest,
        StatusCode.NoSuchUser => StatusCodes.Status404NotFound,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };
}
