using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>A reply of which only the size is read: decoding it would cost the runner and measure nothing.</summary>
/// <param name="Bytes">Size of the reply's data.</param>
public readonly record struct ReplySize(int Bytes) : IPayload<ReplySize>
{
    public static ReplySize Read(scoped ref FieldReader fields) => new(fields.Array.Length);

    /// <summary>Never sent.</summary>
    public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
}
