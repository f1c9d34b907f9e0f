using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiGateway.Api.Errors;
using Microsoft.AspNetCore.DataProtection;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>
/// Carries the reason of a failed sign-in over the redirect to the console, in a sealed cookie. In the address, anyone could
/// make the console show a text of their own.
/// </summary>
internal sealed class SignInErrors(ConsoleAddress address, ConsoleProtection protection)
{
    private const string Purpose = "console sign-in error 1";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private IDataProtector Protector => protection.CreateProtector(Purpose);

    /// <summary>Keeps the reason for the next question about the session.</summary>
    public void Keep(HttpContext context, string reason)
    {
        if (address.Of(context.Request) is not { } origin) return;
        var form = SessionCookie.Form(origin);
        form.MaxAge = Lifetime;
        context.Response.Cookies.Append(NameOf(origin), Base64Url.EncodeToString(Protector.Protect(Encoding.UTF8.GetBytes(reason))), form);
    }

    /// <summary>The reason, which is then forgotten; null: there is none.</summary>
    public string? Take(HttpContext context)
    {
        if (address.Of(context.Request) is not { } origin || context.Request.Cookies[NameOf(origin)] is not { Length: > 0 } text) return null;
        context.Response.Cookies.Delete(NameOf(origin), SessionCookie.Form(origin));
        try
        {
            return Encoding.UTF8.GetString(Protector.Unprotect(Base64Url.DecodeFromChars(text)));
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException && DatabaseFailure.In(fault) is null)
        {
            return null;
        }
    }

    private static string NameOf(ConsoleOrigin origin) => $"{origin.CookieName}-error";
}
