using System.Globalization;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>The unit of a catalogue's amounts.</summary>
internal enum UsdUnit
{
    /// <summary>Dollars per million tokens.</summary>
    PerMillion = 0,

    /// <summary>Dollars per token.</summary>
    PerToken = 6,
}

/// <summary>Reads amounts from the digits of JSON numbers. Binary fractions are never used.</summary>
internal static class UsdNumber
{
    private const int NanoDigits = 9;

    // A double has 15 to 17 digits. Digits beyond the 15th are what is left of its conversion to decimal.
    private const int MaxExactDigits = 15;
    private const int KeptDigits = 12;
    private const int MaxDigits = 30;
    private const int MaxPower = 18;
    private const long MaxNanoUsdPerMillion = 1_000_000_000_000_000;

    /// <summary>
    /// The amount in nano-dollars per million tokens. A number of more than 15 digits is rounded to 12, half up; then the
    /// amount must be whole.
    /// </summary>
    /// <exception cref="PriceFileException">The amount is negative, too fine or too large.</exception>
    public static long ToNanoUsdPerMillion(string json, UsdUnit unit, string place)
    {
        var (mantissa, exponent) = Split(json);
        var (whole, fraction) = mantissa.Split('.') is [var left, var right] ? (left, right) : (mantissa, "");
        var digits = (whole + fraction).TrimStart('0');
        if (whole.StartsWith('-')) throw new PriceFileException([$"{place}: {json} is negative"]);
        if (digits.Length == 0) return 0;
        if (digits.Length > MaxDigits || Math.Abs(exponent) > MaxDigits) throw new PriceFileException([$"{place}: {json} has too many digits"]);

        var number = Int128.Parse(digits, CultureInfo.InvariantCulture);
        var power = exponent - fraction.Length + NanoDigits + (int)unit;
        if (digits.Length > MaxExactDigits)
        {
            var cut = digits.Length - KeptDigits;
            number = (number + (PowerOfTen(cut) / 2)) / PowerOfTen(cut);
            power += cut;
        }

        for (; power < 0 && number % 10 == 0; power++) number /= 10;
        if (power < 0) throw new PriceFileException([$"{place}: {json} is finer than a nano-dollar per million tokens"]);
        if (power > MaxPower || number > MaxNanoUsdPerMillion || number * PowerOfTen(power) > MaxNanoUsdPerMillion)
            throw new PriceFileException([$"{place}: {json} is above a million dollars per million tokens"]);
        return (long)(number * PowerOfTen(power));
    }

    private static (string Mantissa, int Exponent) Split(string json)
    {
        var at = json.IndexOfAny(['e', 'E']);
        if (at < 0) return (json, 0);
        return (json[..at], int.TryParse(json[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) ? exponent : MaxDigits + 1);
    }

    private static Int128 PowerOfTen(int power)
    {
        Int128 result = 1;
        for (; power > 0; power--) result *= 10;
        return result;
    }
}
