namespace Swiper.Core.Accounts;

/// <summary>
/// Telephone numbers in the form of E.164 (https://www.itu.int/rec/T-REC-E.164): a plus and 7 to 15 digits, the first not 0.
/// </summary>
public static class Phone
{
    public const int MaxLength = 16;

    public static bool IsValid(string phone) =>
        phone.Length is >= 8 and <= MaxLength
        && phone[0] == '+' && phone[1] != '0'
        && phone.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The masked form for logs and replies: "+8613800138000" is "+86*********00".</summary>
    public static string Mask(string phone) => phone.Length <= 5
        ? new string('*', phone.Length)
        : string.Concat(phone.AsSpan(0, 3), new string('*', phone.Length - 5), phone.AsSpan(phone.Length - 2));
}
