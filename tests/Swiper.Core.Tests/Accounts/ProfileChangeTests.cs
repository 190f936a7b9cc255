using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class ProfileChangeTests
{
    private static readonly DateOnly Today = new(2026, 7, 15);
    private static readonly Profile Somebody = Profile.New(7, "+4915112345678", now: 0) with
    {
        Birthday = new DateOnly(2000, 1, 2),
        Place = new Place(50, 30),
    };

    [Fact]
    public void A_place_is_removed_by_nil_for_both_its_fields()
    {
        Assert.Null(Applied(("lat", null), ("lon", null)).Place);
        Assert.Null(Applied(("lon", null), ("lat", null)).Place);
        Assert.Equal(new Place(1.5, 2), Applied(("lat", 1.5), ("lon", 2.0)).Place);
        Assert.Equal(Somebody.Place, Applied(("nickname", "Ada")).Place);
    }

    [Fact]
    public void Half_a_place_can_be_neither_told_nor_removed()
    {
        const string problem = "lat: lat and lon must be set together";
        Assert.Equal(problem, Refusal(("lat", null)));
        Assert.Equal(problem, Refusal(("lon", null)));
        Assert.Equal(problem, Refusal(("lat", 1.5)));
        Assert.Equal(problem, Refusal(("lon", 1.5)));
        Assert.Equal(problem, Refusal(("lat", null), ("lon", 1.5)));
        Assert.Equal(problem, Refusal(("lat", null), ("lon", null), ("lat", 1.5)));
        Assert.Equal(problem, Refusal(("lat", null), ("lon", null), ("lat", 1.5), ("lon", 1.5)));
    }

    [Fact]
    public void Sex_and_birthday_may_be_corrected_and_not_removed()
    {
        Assert.Equal(new DateOnly(1999, 1, 2), Applied(("birthday", "1999-01-02")).Birthday);
        Assert.Equal("birthday: may be changed but not removed", Refusal(("birthday", null)));
        Assert.Equal(Sex.Male, Applied(("sex", "M")).Sex);
        Assert.Equal("sex: may be changed but not removed", Refusal(("sex", null)));
    }

    [Theory]
    [InlineData("nickname", "expected a string")]
    [InlineData("avatars", "expected an array")]
    [InlineData("min_age", "expected an integer")]
    [InlineData("vibration", "expected a boolean")]
    public void Other_fields_are_never_nil(string field, string problem) =>
        Assert.StartsWith($"{field}: {problem}", Refusal((field, null)), StringComparison.Ordinal);

    private static Profile Applied(params (string Field, object? Value)[] fields)
    {
        var (change, problem) = Read(fields);
        Assert.Null(problem);
        var applied = change.ApplyTo(Somebody, Today);
        Assert.True(applied.IsOk, applied.Failure.Message);
        return applied.Value;
    }

    private static string? Refusal(params (string Field, object? Value)[] fields)
    {
        var (change, problem) = Read(fields);
        if (problem is not null)
            return problem;
        var applied = change.ApplyTo(Somebody, Today);
        Assert.Equal((false, StatusCode.BadParams), (applied.IsOk, applied.Failure.Code));
        return applied.Failure.Message;
    }

    private static (ProfileChange Change, string? Problem) Read((string Field, object? Value)[] fields)
    {
        var reader = new FieldReader(Wire.Write((ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteMapHeader(fields.Length);
            foreach (var (field, value) in fields)
            {
                args.WriteString(field);
                switch (value)
                {
                    case null: args.WriteNil(); break;
                    case string text: args.WriteString(text); break;
                    case double number: args.WriteDouble(number); break;
                    default: throw new ArgumentException($"a {value.GetType()}", nameof(fields));
                }
            }
        }));
        var request = UpdateProfileRequest.Read(ref reader);
        return (request.Change, reader.Problem);
    }
}
