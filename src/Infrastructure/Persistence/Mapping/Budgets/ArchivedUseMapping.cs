using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class ArchivedUseMapping : IEntityTypeConfiguration<ArchivedUse>
{
    public void Configure(EntityTypeBuilder<ArchivedUse> builder)
    {
        builder.ToTable("archived_use");
        builder.HasKey(use => use.Id).HasName("pk_archived_use");
        builder.Property(use => use.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(use => use.Slot).HasColumnName("slot");
        builder.Property(use => use.UserId).HasColumnName("user_id");
        builder.Property(use => use.ApiKeyId).HasColumnName("api_key_id");
        builder.Property(use => use.ChargeSet).HasColumnName("charge_set");
        builder.Property(use => use.RequestedModel).HasColumnName("requested_model").HasMaxLength(StoredText.NameLength);
        builder.Property(use => use.EndUser).HasColumnName("end_user").HasMaxLength(StoredText.NameLength);
        builder.Property(use => use.Requests).HasColumnName("requests");
        builder.Property(use => use.SettledTokens).HasColumnName("settled_tokens");
        builder.Property(use => use.SettledNanoUsd).HasColumnName("settled_nano_usd");
        builder.HasIndex(use => new { use.UserId, use.Slot }).HasDatabaseName("ix_archived_use_user_id_slot");
        builder.HasIndex(use => new { use.ChargeSet, use.Slot }).HasDatabaseName("ix_archived_use_charge_set_slot");
    }
}
