using System.Text.Json;
using Swiper.Compare.Protocols;
using Swiper.Load.Wire;

namespace Swiper.Compare.Peers;

/// <summary>The requests for the three jobs in a technology that answers in JSON.</summary>
internal interface IJsonProtocol
{
    byte[] Echo(string text);

    byte[] Top50 { get; }

    SwipeTemplate Swipe { get; }

    /// <summary>Creates a counter for one load.</summary>
    IReplyCounter NewReplies();

    /// <summary>Performs the handshake before the first request.</summary>
    void ShakeHands(LoadConnection connection);

    /// <summary>The answer in a complete reply.</summary>
    JsonElement ResultOf(ReadOnlySpan<byte> reply);
}
