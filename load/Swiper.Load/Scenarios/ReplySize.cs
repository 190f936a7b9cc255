using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>A reply of which only the size is of interest: reading it whole would be work of the runner, not of the server.</summary>
/// <param name="Bytes">Of the reply's data.</param>
public readonly record struct ReplySize(int Bytes) : IPayload<ReplySize>
{
    public static ReplySize Read(scoped ref FieldReader fields) => new(fields.Array.Length);

    /// <summary>Never sent.</summary>
    public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
}
