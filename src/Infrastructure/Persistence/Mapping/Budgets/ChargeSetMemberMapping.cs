using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class ChargeSetMemberMapping : IEntityTypeConfiguration<ChargeSetMember>
{
    public void Configure(EntityTypeBuilder<ChargeSetMember> builder)
    {
        builder.ToTable("charge_set_members");
        builder.HasKey(member => new { member.SetId, member.Kind, member.ScopeId, member.Name }).HasName("pk_charge_set_members");
        builder.Property(member => member.SetId).HasColumnName("set_id");
        builder.Property(member => member.Kind).HasColumnName("kind");
        builder.Property(member => member.ScopeId).HasColumnName("scope_id");
        builder.Property(member => member.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.HasIndex(member => member.ScopeId).HasDatabaseName("ix_charge_set_members_scope_id");
    }
}
