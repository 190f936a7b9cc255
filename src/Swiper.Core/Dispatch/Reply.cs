using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Writes a complete reply frame.</summary>
internal static class Reply
{
    public static void Write<TReply>(ref FrameWriter output, uint id, in Outcome<TReply> outcome)
        where TReply : IPayload<TReply>
    {
        if (!outcome.IsOk)
        {
            Envelope.WriteFailure(ref output, id, outcome.Failure);
            return;
        }
        var frame = output.Begin();
        Envelope.WriteReply(ref frame, id, StatusCode.Ok);
        outcome.Value.Write(ref frame);
        output.End(ref frame);
    }
}
