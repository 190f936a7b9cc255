using System.Text.Json;
using Swiper.Compare.Load;
using Swiper.Compare.Requests;

namespace Swiper.Compare.Peers;

/// <summary>How a technology that answers in JSON is asked for the three jobs.</summary>
internal interface IJsonProtocol
{
    byte[] Echo(string text);

    byte[] Top50 { get; }

    SwipeTemplate Swipe { get; }

    /// <summary>A new one for each load.</summary>
    IReplyCounter NewReplies();

    /// <summary>Does what comes before the first request.</summary>
    void ShakeHands(LoadConnection connection);

    /// <summary>What a whole reply answers.</summary>
    JsonElement ResultOf(ReadOnlySpan<byte> reply);
}
