using Microsoft.AspNetCore.DataProtection;
using Swiper.Core.Dispatch;
using Swiper.Host.Accounts;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Accounts;

public sealed class DataProtectionTokensTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly DataProtectionTokens _tokens;

    public DataProtectionTokensTests() =>
        _tokens = new DataProtectionTokens(new EphemeralDataProtectionProvider(), new AccountOptions(), _clock);

    [Fact]
    public void A_token_reads_as_whose_it_is_until_it_ends()
    {
        var token = _tokens.Issue(7, out var issued);
        Assert.True(_tokens.TryRead(token, out var read));
        Assert.Equal((issued.Uid, issued.TokenId, issued.Expires), (read.Uid, read.TokenId, read.Expires));

        _clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(issued.Expires - 1));
        Assert.True(_tokens.TryRead(token, out _));
        _clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(issued.Expires));
        Assert.False(_tokens.TryRead(token, out _));
    }

    [Theory]
    [InlineData("{0} ")]
    [InlineData(" {0}")]
    [InlineData("{0}\n")]
    [InlineData("{0}\t")]
    [InlineData("{0}=")]
    [InlineData("{0}==")]
    [InlineData("{0}===")]
    [InlineData("{0} =")]
    [InlineData("{0}A")]
    [InlineData("")]
    public void A_token_with_anything_added_is_no_token(string format)
    {
        var token = _tokens.Issue(7, out _);
        AssertNoToken(string.Format(null, format, token));
    }

    [Fact]
    public void A_token_with_white_space_in_its_middle_is_no_token()
    {
        var token = _tokens.Issue(7, out _);
        AssertNoToken(token.Insert(token.Length / 2, " "));
        AssertNoToken(token.Insert(4, "\r\n"));
    }

    [Fact]
    public void A_token_in_the_other_alphabet_is_no_token()
    {
        string token;
        do
            token = _tokens.Issue(7, out _);
        while (!token.Contains('-') || !token.Contains('_'));
        AssertNoToken(token.Replace('-', '+'));
        AssertNoToken(token.Replace('_', '/'));
    }

    [Fact]
    public void A_token_whose_last_letter_has_bits_that_mean_nothing_is_no_token()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = _tokens.Issue(7, out _);
        // Else its last letter has no such bits, and this proves nothing.
        Assert.NotEqual(0, token.Length % 4);
        AssertNoToken(token[..^1] + Letters[Letters.IndexOf(token[^1]) + 1]);
    }

    private void AssertNoToken(string token)
    {
        Assert.False(_tokens.TryRead(token, out Identity? identity));
        Assert.Null(identity);
    }
}
