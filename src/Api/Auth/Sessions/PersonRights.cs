using System.Security.Claims;
using AiGateway.Infrastructure.Configuration.SignIn;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>The rights that a person's claims give.</summary>
internal sealed class PersonRights(OidcSettings settings)
{
    /// <summary>The scopes of the gateway; empty: none.</summary>
    public IReadOnlyList<string> Of(ClaimsPrincipal person)
    {
        var values = person.FindAll(settings.Claim).SelectMany(claim => Split(claim.Value)).Append(OidcSettings.Everyone);
        return [.. values.SelectMany(value => settings.Rights.GetValueOrDefault(value) ?? []).Distinct()];
    }

    // Only where the operator says so: the name of one group may hold blanks and commas, and a part of it the name of another.
    private string[] Split(string value) => settings.Separator switch
    {
        ClaimSeparator.Comma => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ClaimSeparator.Space => value.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        _ => [value],
    };
}
