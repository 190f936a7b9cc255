namespace Swiper.Core.Dispatch;

/// <summary>Who may call an opcode.</summary>
public enum Access : byte
{
    Anonymous,
    SignedIn,
}
