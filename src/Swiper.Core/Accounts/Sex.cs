namespace Swiper.Core.Accounts;

/// <summary>Written "F" and "M" on the wire; the numbers are in the stores and never change.</summary>
public enum Sex : byte
{
    Female = 0,
    Male = 1,
}
