"""The key names of Yealink's configuration files that public templates and guides use, by group; `N` is an index.

Read from the templates of FusionPBX, FS PBX, wazo-provd and 2600hz's provisioner, and the vendor's guides; without
`static.`, which firmware V81 put before many of them. No list of a vendor's: newer firmware knows more.
"""

from __future__ import annotations

_BY_GROUP: dict[str, str] = {
    "": (
        "auto_dst.url blacklist.url bw_call_log.display_name call_list.url configuration.url "
        "custom_factory_configuration.url custom_mac_cfg.url custom_softkey_call_failed.url "
        "custom_softkey_call_in.url custom_softkey_connecting.url custom_softkey_dialing.url "
        "custom_softkey_ring_back.url custom_softkey_talking.url dialing_shortcut.url dialnow.item.N "
        "dialplan_dialnow.url dialplan_replace_rule.url distinctive_ring_tones.alert_info.N.ringer "
        "distinctive_ring_tones.alert_info.N.text doorphone_data.url dsskey.icon.delete dsskey.icon.url "
        "favorite_setting.url force.voice.ring_vol forward.idle_access_always_fwd.enable forward.international.enable "
        "gui_input_method.delete gui_input_method.url gui_lang.delete gui_lang.url ice.enable lang.gui lang.wui "
        "lcd_logo.delete lcd_logo.url linekey.type_range.custom local.dsskey_type_config.mode "
        "local_contact_image.tar.url local_contact_image.url openvpn.url packet_capture.interface "
        "programablekey.type_range.custom pstn.country pstn.enable remote_control.N.allow "
        "remote_phonebook.display_name ringtone.delete ringtone.url screen_saver.pic.url server_certificates.delete "
        "server_certificates.url shared_contact_list.url specific_model.excluded_mode station.mode "
        "telnet.telnet_enable trusted_certificates.delete trusted_certificates.url unify.enable usb.power.enable "
        "usbdisk.function.enable vcaccount.enable video.enable voice_mail.message_key.mode voice_mail.number.N "
        "wallpaper_upload.url watch_dog.enable web_item_level.url wui_lang.delete wui_lang.url wui_lang_note.url "
        "xml_phonebook.data.max_hits xmlbrowser_icon.delete xmlbrowser_icon_upload.url"
    ),
    "account.": (
        "N.advanced.timer_t1 N.advanced.timer_t2 N.advanced.timer_t4 N.anonymous_call.server_base_only "
        "N.auto_label.enable N.auto_label.rule N.bla.notify_with_expire.enable N.bla.subscribe_uri_build_type "
        "N.blf.blf_list_uri N.blf.match_host.enable N.blf.subscribe_event N.blf.subscribe_period "
        "N.bw_acd_reason_code.N N.bw_disp_code.N N.bw_disp_code_name.N N.call_option.call_mode "
        "N.call_option.local_video_enable N.call_recording.enable N.callerid_in_support_header.enable "
        "N.check_cseq.enable N.check_to_tag.enable N.codec.g722.enable N.codec.g722.priority N.codec.g723_53.enable "
        "N.codec.g723_53.priority N.codec.g723_63.enable N.codec.g723_63.priority N.codec.g726_16.enable "
        "N.codec.g726_16.priority N.codec.g726_16.rtpmap N.codec.g726_24.enable N.codec.g726_24.priority "
        "N.codec.g726_24.rtpmap N.codec.g726_32.enable N.codec.g726_32.priority N.codec.g726_32.rtpmap "
        "N.codec.g726_40.enable N.codec.g726_40.priority N.codec.g726_40.rtpmap N.codec.g729.enable "
        "N.codec.g729.priority N.codec.g729ab.enable N.codec.ilbc.enable N.codec.ilbc.priority N.codec.ilbc.rtpmap "
        "N.codec.ilbc_15_2kbps.enable N.codec.ilbc_15_2kbps.priority N.codec.pcma.enable N.codec.pcma.priority "
        "N.codec.pcmu.enable N.codec.pcmu.priority N.contact_take_line_param.enable "
        "N.dialplan.digitmap.active.on_hook_dialing N.display_mwi.enable N.dnd.enable N.dnd.feature_key_sync.enable "
        "N.dnd.off_code N.dnd.on_code N.dns_cache_a.N.ip N.dns_cache_a.N.name N.dns_cache_a.N.ttl N.dtmf.dtmf_payload "
        "N.dtmf.info_type N.dtmf.type N.end_call_when_transferred.enable N.fallback.redundancy_type "
        "N.fallback.timeout N.feature_key_sync.enable N.features.call_decline.enable "
        "N.features.dnd.feature_key_sync.local_processing.enable "
        "N.features.forward.feature_key_sync.local_processing.enable N.flexible_seating.enable "
        "N.forward.feature_key_sync.enable N.gruu.enable N.insert_outbound_in_route.enable N.instance_id.enable "
        "N.invite_with_pani_header.enable N.invite_with_rpid_header.enable N.line_seize.expires "
        "N.media_transmit.enable N.outbound_proxy.N.failback_subscribe.enable N.path.enable "
        "N.phone_setting.call_appearance.calls_per_linekey N.phone_setting.call_appearance.conference_via_new_linekey "
        "N.phone_setting.call_appearance.transfer_via_new_linekey N.reason_code.N N.reason_code_name.N "
        "N.redundancy_with_reg_fail.enable N.refresh_remote_id.enable N.reg_with_pani_header.enable "
        "N.rereg_with_auth.enable N.ringtone.ring_type N.security_classification.enable N.session_timer.enable "
        "N.session_timer.expires N.session_timer.refresher N.share_line.barge_in.enable "
        "N.share_line.cancel_private_code N.share_line.enable_private_code N.shared_line.idle_details "
        "N.shared_line_one_touch_bargein.enable N.shared_line_one_touch_retrieve.enable N.simultaneous_outgoing.num "
        "N.sip_server.N.failback_subscribe.enable N.sip_server.template N.srtp.unencrypted_rtcp.enable "
        "N.srtp.unencrypted_rtp.enable N.supervisor_info_code.N N.supervisor_info_code_name.N "
        "N.third_part_request_with_route.enable N.tls.srtp_encryption_compulsorily "
        "N.transfer_refer_to_contact_header.enable N.ume.manual_record.enable N.video.h263.enable "
        "N.video.h263.priority N.video.h264.enable N.video.h264.priority N.video.h264hp.enable "
        "N.video.h264hp.priority N.video.vp8.enable N.video.vp8.priority N.video_codec.xxxxx.enable "
        "N.vq_rtcpxr.collector_name N.vq_rtcpxr.collector_server_host N.vq_rtcpxr.collector_server_port "
        "dialoginfo_callpickup password precondition proxy-require ptime srtp_encryption srtp_encryption_algorithm"
    ),
    "account.N.": (
        "100rel_enable alert_info alert_info_url_enable anonymous_call anonymous_call_offcode anonymous_call_oncode "
        "anonymous_reject_offcode anonymous_reject_oncode auth_name auto_answer auto_answer_mute_enable "
        "auto_dial_enable auto_dial_num backup_outbound_host backup_outbound_port backup_sip_server_host "
        "backup_sip_server_port balance_enable balance_link_url bla_number bla_subscribe_period "
        "blf_list_barge_in_code blf_list_call_parked_code blf_list_call_parked_list blf_list_code "
        "blf_list_listen_in_code blf_list_retrieve_call_parked_code blf_list_whisper_code call_id_mode call_info "
        "callpark_enable cid_source cid_source_ppi cid_source_privacy compact_header_enable conf_type conf_uri "
        "contact_take_line_param cp_source custom_ua dial_tone dialoginfo_callpickup direct_pickup_code display_name "
        "distinctive_ring_tones dns_cache_type dns_query_timeout dns_srv_type enable enable_signal_encode "
        "enable_user_equal_phone expires failback_mode failback_timeout group_pickup_code hold_use_inactive "
        "idle_screen_enable idle_screen_url label missed_calllog music_on_hold_type music_server_uri "
        "mwi_parse_terminated naptr_build networkconf_type number_of_linekey out_dialog_blf_enable outbound_host "
        "outbound_port outbound_proxy_enable outbound_proxy_fallback_interval password picture_info_enable "
        "precondition proxy_require ptime reg_fail_retry_interval reg_failed_retry_max_time reg_failed_retry_min_time "
        "register_expires_overlap register_line register_mac reject_anonymous_call reregister_enable retry_counts "
        "sca_manage_interface_display_time send_anonymous_code send_anonymous_rejection_code shared_line "
        "shared_line_callpull_code signal_encode_key sip_listen_port sip_server_host sip_server_mode sip_server_port "
        "sip_server_type sip_trust_ctrl srtp_encryption srtp_lifetime srv_ttl_timer_enable static_cache_pri "
        "sub_fail_retry_interval subscribe_acd_expires subscribe_expires_overlap subscribe_mwi subscribe_mwi_expires "
        "subscribe_mwi_to_vm subscribe_register transport unregister_on_reboot update_ack_while_dialing user_name"
    ),
    "account.N.acd.": (
        "auto_login_enable available available_url away_url call_information enable initial_state refresh_url "
        "unavailable_reason_enable"
    ),
    "account.N.always_fwd.": "enable off_code on_code target",
    "account.N.busy_fwd.": "enable off_code on_code target",
    "account.N.call_center.": (
        "call_info_enable disp_code_enable emergency_enable play_bw_hold_tone_enable queue_status_enable "
        "queue_status_light_enable show_call_info_time trace_enable"
    ),
    "account.N.codec.N.": "enable payload_type priority rtpmap",
    "account.N.codec.g722_1_24kpbs.": "enable para priority rtpmap samplerate",
    "account.N.codec.g722_1c_24kpbs.": "enable para priority rtpmap samplerate",
    "account.N.codec.g722_1c_32kpbs.": "enable para priority rtpmap samplerate",
    "account.N.codec.g722_1c_48kpbs.": "enable para priority rtpmap samplerate",
    "account.N.codec.ilbc_13_33kbps.": "enable payload_type priority rtpmap",
    "account.N.codec.opus.": "enable para priority rtpmap samplerate",
    "account.N.codec.y.": "enable payload_type priority rtpmap",
    "account.N.dialplan.digitmap.": "enable interdigit_long_timer interdigit_short_timer no_match_action string",
    "account.N.dialplan.digitmap.apply_to.": "directory_dial forward history_dial on_hook_dial press_send",
    "account.N.dns_cache_naptr.N.": "flags name order preference replace service ttl",
    "account.N.dns_cache_srv.N.": "name port priority target ttl weight",
    "account.N.hoteling.": "auto_login_enable enable expires mode password pin user_id",
    "account.N.nat.": "nat_traversal rport stun_port stun_refresh_timer stun_server udp_update_enable udp_update_time",
    "account.N.outbound_proxy.N.": (
        "address failback_mode failback_timeout invite_retry_counts only_signal_with_registered port "
        "register_on_enable retry_counts transport_type"
    ),
    "account.N.sip_server.N.": (
        "address expires failback_mode failback_timeout invite_retry_counts only_signal_with_registered "
        "outbound_proxy_enable port register_on_enable retry_counts transport_type"
    ),
    "account.N.timeout_fwd.": "enable off_code on_code target timeout",
    "account.N.video_codec.N.": "enable para payload_type priority rtpmap",
    "account.N.xsi.": "host password port server_type user",
    "acd.": (
        "auto_available auto_available_timer available_fixed_display.enable bw disp_code_fixed_display.enable enable "
        "logout_fixed_display.enable trace_fixed_display.enable"
    ),
    "action_url.": (
        "alarm.trigger always_fwd_off always_fwd_on answer_new_incoming_call attended_transfer_call "
        "blind_transfer_call busy_fwd_off busy_fwd_on busy_to_idle call_established call_remote_canceled "
        "call_terminated call_waiting_off call_waiting_on cancel_callout dnd_off dnd_on forward_incoming_call "
        "handfree headset held hold idle_to_busy incoming_call ip_change is_ume log_off log_on missed_call mute "
        "no_answer_fwd_off no_answer_fwd_on off_hook on_hook outgoing_call peripheral_information register_failed "
        "registered reject_incoming_call reject_new_incoming_call remote_busy setup_autop_finish setup_completed "
        "show_msgbox transfer_call transfer_failed transfer_finished unheld unhold unmute unregistered vpn_ip"
    ),
    "alarm.": (
        "N.handset_stop.enable N.name N.pre_alarm.delay N.pre_alarm.handset_stop.enable N.ring.enable N.trigger_delay "
        "N.type N.weekly.begin_time N.weekly.dayofweek N.weekly.end_time button.enable button.handset_stop.enable "
        "button.pre_alarm.delay button.pre_alarm.handset_stop.enable button.report.mode button.ring.enable "
        "button_trigger_mode line man_down.enable man_down.handset_stop.enable man_down.pre_alarm.delay "
        "man_down.pre_alarm.handset_stop.enable man_down.report.mode man_down.ring.enable man_down.trigger_delay "
        "no_movement.enable no_movement.handset_stop.enable no_movement.pre_alarm.delay "
        "no_movement.pre_alarm.handset_stop.enable no_movement.report.mode no_movement.ring.enable "
        "no_movement.trigger_delay number running.enable running.handset_stop.enable running.pre_alarm.delay "
        "running.pre_alarm.handset_stop.enable running.report.mode running.ring.enable running.trigger_delay"
    ),
    "alarm.server.": "address expires port retry_counts transport_type",
    "app.": "auto_arrange.enable autorun install_url unavailable uninstall",
    "auto_provision.": (
        "aes_key.com aes_key.mac aes_key_16.com aes_key_16.mac aes_key_in_file allsettings.sync allsettings.sync.path "
        "attempt_before_failed attempt_expired_time authentication.expired_time common_file_name "
        "complex_password.enable config_version.com config_version.mac connect.keep_alive custom.handset.protect "
        "custom.protect custom.sync custom.sync.path custom.upload_method dhcp_enable dns_resolv_nosys "
        "dns_resolv_nretry dns_resolv_timeout encryption.call_log encryption.config encryption.directory "
        "handset_configured.enable inactivity_time_expire local_calllog.backup.enable local_calllog.backup.path "
        "local_calllog.write_delay.terminated local_contact.backup.enable local_contact.backup.path "
        "local_log.backup.append.limit_mode local_log.backup.append.max_file_size "
        "local_log.backup.bootlog.upload_wait_time mode pnp_check_url.enable pnp_domain_name pnp_enable "
        "pnp_event_vendor power_on prompt.enable reboot_force.enable repeat.enable repeat.minutes "
        "retry_delay_after_file_transfer_failed rsa_pri_key.delete rsa_pri_key.enable rsa_pri_key.url "
        "update_file_mode url_wildcard.pn user_agent_mac.enable weekly_upgrade_interval"
    ),
    "auto_provision.dhcp_option.": "enable list_user6_options list_user_options option60_value",
    "auto_provision.flexible.": "begin_time enable end_time interval",
    "auto_provision.local_log.backup.": "append enable path upload_period",
    "auto_provision.schedule.": "dayofweek periodic_minute time_from time_to",
    "auto_provision.server.": "password type url username",
    "auto_provision.weekly.": "begin_time dayofweek enable enalbe end_time mask",
    "auto_redial.": "enable interval times",
    "autoprovision.N.": "code com_aes mac_aes name password url user",
    "base.": "active_handset.number double_pin_code.enable pin_code pin_code_for_register repeater_mode.enable",
    "blf.": (
        "enhanced.callin.callin.action enhanced.callin.enable enhanced.callin.idle.action enhanced.callin.led "
        "enhanced.callin.parked.action enhanced.callin.talking.action enhanced.callout.callin.action "
        "enhanced.callout.enable enhanced.callout.idle.action enhanced.callout.led enhanced.callout.parked.action "
        "enhanced.callout.talking.action enhanced.dnd.enable enhanced.dnd.led enhanced.hold.enable enhanced.hold.led "
        "enhanced.idle.callin.action enhanced.idle.enable enhanced.idle.idle.action enhanced.idle.led "
        "enhanced.idle.parked.action enhanced.idle.talking.action enhanced.parked.callin.action "
        "enhanced.parked.enable enhanced.parked.idle.action enhanced.parked.led enhanced.parked.parked.action "
        "enhanced.parked.talking.action enhanced.talking.callin.action enhanced.talking.enable "
        "enhanced.talking.idle.action enhanced.talking.led enhanced.talking.parked.action "
        "enhanced.talking.talking.action listen_barge_in_code normal_barge_in_code whisper_barge_in_code"
    ),
    "bluetooth.": "a2dp_sink connect_confirm.enable function.enable high_encryption.enable",
    "bw.": (
        "behave_bw_dir behave_calllog call_recording.mode calllog_and_dir directory_enable emergency_calling.enable "
        "enable feature_key_sync features.flash_time features_status.display_mode "
        "flexible_seating.remember_password.ldap.enable virtual_user.N.enable virtual_user.N.label "
        "virtual_user.N.xsi.dnd.enable voice_mail.visual.display_videomail.enable voice_mail.visual.enable "
        "xmpp.change_presence.enable xmpp.change_presence.force_manual.enable xmpp.enable xmpp.presence_icon.mode "
        "xsi.call_log.delete.enable xsi.call_log.enable xsi.call_log.multiple_accounts.enable "
        "xsi.directory.alphabetized_by_lastname.enable xsi.directory.enable xsi.directory.server_search_type "
        "xsi.directory.update.enable xsi.enable"
    ),
    "bw.virtual_user.N.xsi.": "host password port server_type user",
    "bw_call_log.data.N.": "name password port server username",
    "bw_phonebook.": (
        "call_log_enable common_displayname custom display_name enterprise_common_displayname "
        "enterprise_common_enable enterprise_displayname enterprise_enable group_common_displayname "
        "group_common_enable group_displayname group_enable personal_displayname personal_enable search_list_v1.N "
        "search_list_v2.N search_mode_or.N server_search_enable update_interval"
    ),
    "bw_phonebook.data.N.": "name password port server username",
    "call_park.": "enable group_enable park_ring park_visual_notify_enable",
    "call_waiting.": "enable mode off_code on_code tone",
    "camera.": "flicker function.enable status_bar_icon.enable",
    "custom.": (
        "auto_provision.save_rps_info.enable features.dnd_sync.enable features.dsskey_lock_type "
        "features.dsskey_unlock_password handset.auto_answer.enable handset.backlight_in_charger.enable "
        "handset.backlight_out_of_charger.enable handset.confirmation_tone.enable "
        "handset.defined_direction_down_key.type handset.defined_direction_left_key.type "
        "handset.defined_direction_right_key.type handset.defined_direction_up_key.type handset.defined_left_key.type "
        "handset.defined_left_key.xml_url handset.defined_right_key.type handset.eco_mode.enable "
        "handset.keypad_light.enable handset.keypad_tone.enable handset.low_battery_tone.enable "
        "handset.missed_call_notify_light.enable handset.screen_saver.enable handset.voice_mail_notify_light.enable "
        "static.system_mode static.system_mode_enable static.system_mode_selection"
    ),
    "custom.handset.": "auto_intercom color_scheme date_format language silent_charging time_format wallpaper",
    "default_input_method.": "dialing xml_browser_input_screen xsi_password",
    "diagnose.": "log.max_size pcap.max_size type",
    "diagnose.server.": "password port url username",
    "dialplan.": (
        "block_out.line_id.N block_out.number.N dialnow.line_id.N dialnow.rule.N digitmap.active.on_hook_dialing "
        "emergency.N.server_priority emergency.N.value emergency.asserted_id.sip_account emergency.asserted_id_source "
        "emergency.custom_asserted_id emergency.enable emergency.held.request_element.N.name "
        "emergency.held.request_element.N.value emergency.held.request_type emergency.held.secondary.server_url "
        "emergency.held.server_url emergency.server.N.address emergency.server.N.port "
        "emergency.server.N.transport_type item.N replace.line_id.N replace.prefix.N replace.replace.N transfer.mode"
    ),
    "dialplan.area_code.": "code line_id max_len min_len",
    "dialplan.digitmap.": "enable interdigit_long_timer interdigit_short_timer no_match_action string",
    "dialplan.digitmap.apply_to.": "directory_dial forward history_dial on_hook_dial prefix_key press_send",
    "directory.": (
        "containing_search.additional_sorting_mode edit_default_input_method incoming_call_match_enable "
        "search_default_input_method search_type update_time_interval"
    ),
    "directory_setting.": (
        "bw_directory.enable bw_directory.priority bw_uc_buddies.enable bw_uc_buddies.priority "
        "gb_gab_directory.enable gb_gab_directory.priority gb_pab_directory.enable gb_pab_directory.priority "
        "history.enable history.priority ldap.enable ldap.priority local_directory.enable local_directory.priority "
        "meta_call_log.enable meta_call_log.priority meta_directory.enable meta_directory.priority "
        "presence_list.enable presence_list.priority remote_phone_book.enable remote_phone_book.priority "
        "shared_contact.enable url"
    ),
    "dm.": "enable enterprise_id file_upload.http_method file_upload.http_post_mode server.address server.port site_id",
    "dns_cache_a.": "N.ip N.name N.ttl",
    "dns_cache_naptr.N.": "flags name order preference replace service ttl",
    "dns_cache_srv.N.": "name port priority target ttl weight",
    "edk.": "edklist.N.action edklist.N.enable edklist.N.mname id_mode.enable",
    "edk.edkprompt.N.": "enable label title type userfeedback",
    "expansion_module.": "backgrounds page_tip.blf_call_in.enable page_tip.blf_call_in.led",
    "expansion_module.N.key.N.": "extension label line pickup_value type value xml_phonebook",
    "expansion_module.key.N.": "extension label line type value xml_phonebook",
    "features.": (
        "accessibility.large_text.enable acoustic_shield.level acoustic_shield.mode action_call_answer action_contact "
        "action_dialer action_dsskey action_history action_uri.enable action_uri_force_autop action_uri_limit_ip "
        "action_uri_reboot_now alert_info_tone allow_mute analog_headset.mode anonymous.feature_key_sync.enable "
        "anonymous_response_code auto_answer.first_call_only auto_answer.ring_type auto_answer_delay "
        "auto_answer_tone.enable auto_linekeys.enable auto_recording.enable auto_release_bla_line "
        "barge_in_via_username.enable blf.intercom_mode.enable blf.ring_type blf.show_callinfo.enable "
        "blf_active_backlight.enable blf_and_callpark_idle_led_enable blf_call_out_by_number.enable "
        "blf_extension.mode blf_key_state_display.enable blf_led_mode blf_list_version blf_pickup_only_send_code "
        "block_linekey_in_menu.enable bluetooth_adapter_name bluetooth_enable busy_tone_delay call.dialtone_time_out "
        "call_completion_enable call_decline.enable call_invite_format call_log_merge.enable call_log_show_num "
        "call_num_filter call_out_directory_by_off_hook.enable call_out_history_by_off_hook.enable "
        "call_park.direct_send.enable call_park.line_restriction.enable call_park.performby_holdhardkey.enable "
        "caller_name_type_on_call caller_name_type_on_dialing calllog_detailed_information charging_tone.enable "
        "conference.local.enable conference.with_previous_call.enable conference_enable config_dsskey_length "
        "config_dsskey_length.shorten congestion_tone.codelist connect_pstn_popup.enable "
        "cp_star_connection.master.enable cp_star_connection.master.mac cp_star_connection.slave.N.mac "
        "csta_control.enable custom_auto_answer_tone.enable custom_factory_config.enable "
        "custom_softkey_dynamic.enable custom_version_info dect_mic.mute.mode default_account default_layout "
        "direct_ip_call_enable dnd.feature_key_sync.enable dnd.feature_key_sync.local_processing.enable "
        "dnd.large_icon.enable dnd_mode dnd_refuse_code doorphone.N.autopreview.enable "
        "doorphone.N.autopreview_record.enable doorphone.N.httpapi.password doorphone.N.httpapi.username "
        "doorphone.N.video.stream.httpurl doorphone.N.videopreview.enable doorphone.amount dsskey_blind_tran "
        "dsskey_page_reset.call_established.enable dsskey_page_reset.call_established.page dsskey_page_reset.enable "
        "dsskey_page_reset.page dtmf.sampling_frequency.match_codec.enable emergency_instant_messages.ring_type "
        "enhanced_dss_keys.enable exit_dnd_mode_enable export_cfg_erase_pwd factory_pwd_enable factory_reset_option "
        "feature_key_sync.enable flash_url_dsskey_led.enable font.size forward.emergency.authorized_number "
        "forward.emergency.enable forward.feature_key_sync.enable forward.feature_key_sync.local_processing.enable "
        "forward.no_answer.show_ring_times forward_call_popup.enable full_screen_in_call_enable "
        "fullscreen_local_visible fwd.allow fwd_diversion_enable fwd_mode group_listen_in_talking_enable "
        "handset_mode.enable headset.ctrl_call.enable headset.group_listen_in_talking_enable headset_mode.enable "
        "headset_play_phone_ringtone.enable headset_prior headset_training hide_feature_access_codes.enable "
        "hide_unread_vm_number.enable hide_world_clock.enable hide_zero_touch_url.enable hold_trans_delay "
        "homescreen_softkey.acd.enable homescreen_softkey.hoteling.enable hotdesking_clear_calllog.enable "
        "hoteling.enable hotline_delay hotline_number idle_recording.enable idle_talk_power_led_flash_enable "
        "ignore_incoming_call.enable intercom.barge_in_dialing.enable intercom.headset_prior.enable "
        "intercom.led.enable intercom.ptt_mode.enable intercom.subscribe.enable intercom.video.mute "
        "ip_call.auto_answer.enable keep_dnd.enable keep_mute.enable keep_mute.mode keep_switch_page_key.enable "
        "key.N.speeddial_label key.N.speeddial_line key.N.speeddial_number key_as_send key_tone ldap.input_type "
        "linekey_call_with_default_account local_calllog.received.replace_rule "
        "local_conf.combine_with_one_press.enable lower_your_voice_alarm.enable media_transmit.enable "
        "missed_call_icon_event missed_call_popup.enable mute.autoanswer_mute.enable network.8021x_upload.mode "
        "network_unavailable_test.period no_answer_code noise_filtering_rev.enable normal_refuse_code "
        "off_hook_answer.enable out_of_service_alert.enable out_of_service_alert_time pab.enable pab.soupuser "
        "paging_auto_resume.enable parked_call_monitor.blf.ring_type parked_call_monitor.blf_audio_enable "
        "parked_call_monitor.blf_visual_enable partition_tone password_dial.enable password_dial.length "
        "password_dial.prefix phone.mode pickup.blf_audio.list pickup.blf_visual.list pickup_display.method "
        "play_held_tone.delay play_held_tone.enable play_held_tone.interval play_hold_tone.delay "
        "play_hold_tone.enable play_hold_tone.interval play_local_dtmf_tone_enable play_mute_tone.enable "
        "play_mute_tone.interval pound_key.mode power_led_on power_saving.enable power_saving.intelligent_mode "
        "power_saving.off_hour.idle_timeout power_saving.power_led_flash.off_time "
        "power_saving.power_led_flash.on_time power_saving.user_input_ext.idle_timeout ptt.enable "
        "reboot_in_talk_enable recording_file.delete_method recording_upload.enable recording_upload.server.address "
        "recording_upload.server.password recording_upload.server.username recording_upload_action redial_tone "
        "redial_via_local_sip_server.enable relog_offtime remote_phonebook.enable "
        "remote_phonebook.enter_update_enable remote_phonebook.flash_time reset_by_long_press_enable "
        "ringer_device.is_use_headset rtp_symmetric.enable save_call_history save_init_num_to_history.enable "
        "send_key_tone send_pound_key shared_line.refresh_displayname.enable shorten_linekey_label.enable "
        "show_action_uri_option show_anywhere_remote_office_enable show_default_account speaker_mode.enable "
        "station_name.scrolling_display station_name.value status_bar.hide system_function_bar.hide "
        "system_funtion_bar.hide text_message.enable text_message_popup.enable touch_tone transfer.mode "
        "transfer_complete.prompt.enable transfer_keep_session2_after_failed.enable transfer_type "
        "uc_dir.match_tail_number uc_enable uc_password uc_username upload_server usb_call_recording.enable "
        "video_call_bandwidth voice_mail_alert.enable voice_mail_key_lamp_field.enable voice_mail_popup.enable "
        "voice_mail_tone_enable xml_active_backlight.enable xml_browser.loading_tip.delay xml_browser.pwd "
        "xml_browser.user_name"
    ),
    "features.call_park.": (
        "enable group_enable group_park_code park_code park_mode park_retrieve_code park_ring park_visual_notify_enable"
    ),
    "features.dnd.": "allow emergency_authorized_number emergency_enable enable off_code on_code",
    "features.doorphone.N.": "device_model display_name full_screen phone_number send_audio send_video unlock_pin",
    "features.dtmf.": "duration hide hide_delay min_interval repetition replace_tran transfer volume",
    "features.intercom.": "allow barge feature_access_code mode mute tone",
    "features.network_test.": "check_policy enable host period",
    "features.pickup.": (
        "blf_audio_enable blf_visual_enable direct_pickup_code direct_pickup_enable group_pickup_code "
        "group_pickup_enable"
    ),
    "features.power_saving.office_hour.": "friday idle_timeout monday saturday sunday thursday tuesday wednesday",
    "firmware.": "url usb_headset.server usb_headset.server.appid usb_headset.server.special_num usb_headset.url",
    "forward.always.": "enable off_code on_code target",
    "forward.busy.": "enable off_code on_code target",
    "forward.no_answer.": "enable off_code on_code target timeout",
    "gb.": (
        "emergency_instant_messages.displaytimeout emergency_instant_messages.enable presence.enable presence.line "
        "sopi.pab.enable sopi.pab.match_in_calling.enable"
    ),
    "gb.sopi.": "enable password service_url username",
    "gb.sopi.gab.": "default_search default_search_keywords default_search_type enable retain_search_filter",
    "google_contact_server.": "client_id client_secret display_mode enable",
    "handset.": "N.alarm.number N.alarm.template N.contact_list.url N.hac.enable N.reg.enable",
    "handset.N.": "dial_out_default_line dial_out_lines incoming_lines ipui name",
    "hotdesking.": (
        "dsskey_outbound_enable dsskey_password_enable dsskey_register_name_enable dsskey_sip_server_enable "
        "dsskey_username_enable startup_outbound_enable startup_password_enable startup_register_name_enable "
        "startup_sip_server_enable startup_username_enable"
    ),
    "hoteling.": "authentication_mode authorized_call.N.value http_request_server password",
    "ldap.": (
        "anonymous_bind_operation.enable base call_in_lookup call_out_lookup custom_extra_attr_name customize_label "
        "dial_lookup display_extra_attr display_name enable extra_attr host incoming_call_special_search.enable "
        "ldap_sort max_hits name_attr name_filter numb_attr numb_display_mode number_filter password port "
        "search_delay search_type tls_mode user version"
    ),
    "linekey.N.": "extension label line pickup_value shortlabel type value xml_phonebook",
    "local_contact.": (
        "data.delete data.url data_photo_tar.url favorite.enable icon.url icon_image.url image.url photo.url"
    ),
    "local_log.": "enable level max_file_size",
    "local_time.": (
        "date_format dhcp_time dst_time_type end_time interval manual_ntp_srv_prior manual_time_enable ntp_server1 "
        "ntp_server2 offset_time start_time summer_time time_format time_zone time_zone_name"
    ),
    "managementserver.": (
        "connection_request_password connection_request_username enable password periodic_inform_enable "
        "periodic_inform_interval url username"
    ),
    "memorykey.N.": "extension label line pickup_value sub_type type value xml_phonebook",
    "multicast.": (
        "codec paging_address.N.channel paging_address.N.ip_address paging_address.N.label receive.enhance_volume "
        "receive.ignore_dnd.priority receive.use_speaker receive_priority.enable receive_priority.priority"
    ),
    "multicast.listen_address.N.": "channel ip_address label volume",
    "network.": (
        "802_1x.proxy_eap_logoff.enable attempt_expired_time bridge_mode cdp.enable cdp.packet_interval "
        "dhcp_host_name dns.last_cache_expired.enable dns_list.mode ethernet_as_wifi.enable ip_address_mode "
        "ipv6_icmp_v6.enable ipv6_internet_port.gateway ipv6_internet_port.ip ipv6_internet_port.type ipv6_prefix "
        "ipv6_primary_dns ipv6_secondary_dns ipv6_static_dns_enable l2tp_server.address l2tp_server.password "
        "l2tp_server.username lldp.enable lldp.packet_interval mtu_value openvpn_file.url pppoe.password pppoe.user "
        "preference primary_dns promisc_mode.enable redundancy.failback.timeout redundancy.mode secondary_dns "
        "set_fragment.enable snmp.enable snmp.port snmp.trust_ip span_to_pc_port static_dns_enable static_nat.addr "
        "static_nat.enable vlan.vlan_change.enable vpn.mode vpn_enable web_server_type wifi.band.mode "
        "wifi.dns_list.mode wifi.ipv6_icmp_v6.enable wifi.ipv6_internet_port.gateway wifi.ipv6_internet_port.ip "
        "wifi.ipv6_internet_port.type"
    ),
    "network.802_1x.": (
        "anonymous_identity client_cert_url eap_fast_provision_mode identity md5_password mode root_cert_url"
    ),
    "network.dhcp.": "end_ip option60type server_mac1 server_mac2 start_ip",
    "network.dns.": "last_cache_expired query_timeout retry_times ttl_enable",
    "network.internet_port.": "gateway ip mask speed_duplex type",
    "network.pc_port.": "dhcp_server enable ip mask mode speed_duplex",
    "network.port.": "http https max_rtpport min_rtpport",
    "network.qos.": "audiotos rtptos signaltos videotos",
    "network.vlan.": (
        "dhcp_enable dhcp_option internet_port_enable internet_port_priority internet_port_vid pc_port_enable "
        "pc_port_mode pc_port_priority pc_port_vid"
    ),
    "network.wifi.": (
        "ip_address_mode ipv6_prefix ipv6_primary_dns ipv6_secondary_dns ipv6_static_dns_enable preference "
        "primary_dns roaming_threshold secondary_dns static_dns_enable"
    ),
    "network.wifi.internet_port.": "gateway ip mask type",
    "over_the_air.": "base_trigger handset_tip handset_trigger mode url",
    "over_the_air.url.": "N cp930w cp935w t41s_dd10k t54w_dd10k w52h w53h w56h w57r w59r w73h w78h",
    "phone_setting.": (
        "account_show_enable action_uri_enable active_backlight_level auto_blf_list_enable autop_led_flash_enable "
        "backgrounds backgrounds_with_dsskey_unfold backlight_time blf_list_enable blf_list_sequence_type "
        "bluetooth_talk.enable browser.url call_appearance.calls_per_linekey "
        "call_appearance.conference_via_new_linekey call_appearance.transfer_via_new_linekey call_display_name.mode "
        "call_info_display_method call_remote_end_when_hold.busy_tone.enable called_party_info_display.enable "
        "called_party_info_display_method change_183_to_180 common_power_led_enable contact_photo_display.enable "
        "contrast custom_softkey.apply_to_states custom_softkey_enable dialnow_delay "
        "disable_account_without_username.enable dsskey_directory_auto.enable dsskey_hide_enable "
        "dsskey_label.display_method early_media.rtp_sniffer.timeout emergency.number end_call_net_disconnect.enable "
        "end_call_on_hook.enable favorite_sequence_type flash_hook_timer fwd_and_dnd.suspension_prompt "
        "headset_image.url headsetkey_mode hide_dsskey.mode hold_and_held_power_led_flash_enable hold_or_swap.mode "
        "hold_power_led_flash_enable icon.delete icon.url idle_clock_display.enable "
        "idle_dsskey_and_title.transparency inactive_backlight_level incoming_call.horizontal_roll_interval "
        "incoming_call.reject.enable incoming_call_when_dialing.priority inter_digit_time is_deal180 keytype_sequence "
        "lcd_logo.mode lcd_logo.text local_directory_order.type lock login_note_text logon_wizard "
        "logon_wizard_forever_wait mail_power_led_flash_enable message_call.rule missed_call_power_led_flash.enable "
        "mute_power_led_flash_enable network_disconnect_keepalive.time off_cradle_auto_answer.enable "
        "old_mail_display.enable on_call.backlight_mode page_tip parse_ring_url_enable permit_silent_mode.enable "
        "phone_lock.emergency.number_rule predial_autodial recorder_tone.enable reserve_certs_config.enable "
        "reserve_certs_enable retain_pin.enable reverse_lookup.contact_list.replace.pattern "
        "reverse_lookup.contact_list.replace.with reverse_lookup.incoming_call.replace.pattern "
        "reverse_lookup.incoming_call.replace.with ring_duration ring_for_tranfailed ring_power_led_flash_enable "
        "ring_type ringback_timeout ringing_timeout rtcp_xr_report.enable screen_saver_time "
        "search.highlight_keywords.enable search_t9.enable shortcuts_enable show_code403 sleep_time sms_popup_enable "
        "softkey_enable talk_and_dial_power_led_enable tel_mode theme uc_favorite_sequence_type usb.pc_mode "
        "usb.pc_mode.audio_union usb.pc_mode.default_conference vibrate.enable virtual_keyboard.enable "
        "voice.ring_vol_min voice_volume vq_rtcpxr.interval_report.enable vq_rtcpxr.min_callduration "
        "vq_rtcpxr.session_report.enable vq_rtcpxr.states_show_on_gui.enable vq_rtcpxr.states_show_on_web.enable "
        "vq_rtcpxr_delay_threshold_critical vq_rtcpxr_delay_threshold_warning vq_rtcpxr_display_jitter.enable "
        "vq_rtcpxr_display_jitter_buffer_max.enable vq_rtcpxr_display_local_call_id.enable "
        "vq_rtcpxr_display_local_codec.enable vq_rtcpxr_display_moscq.enable vq_rtcpxr_display_moslq.enable "
        "vq_rtcpxr_display_packets_lost.enable vq_rtcpxr_display_remote_call_id.enable "
        "vq_rtcpxr_display_remote_codec.enable vq_rtcpxr_display_round_trip_delay.enable "
        "vq_rtcpxr_display_start_time.enable vq_rtcpxr_display_stop_time.enable "
        "vq_rtcpxr_display_symm_oneway_delay.enable vq_rtcpxr_interval_period vq_rtcpxr_moslq_threshold_critical "
        "vq_rtcpxr_moslq_threshold_warning warnings_display.mode wifi_security_check.enable"
    ),
    "phone_setting.phone_lock.": "enable lock_key_type lock_time_out unlock_pin",
    "pm.": "gms_install_url gms_uninstall version",
    "programablekey.N.": "extension history_type icon label line pickup_value type value xml_phonebook",
    "pstn.account.N.": "auto_answer auto_answer_mute_enable enable label missed_calllog ring_type",
    "ptt_group.": "caller_name join_code ptt_address",
    "push_xml.": "block_in_calling password phonebook.search.delay server sip_notify username",
    "redirect.": "enable password user_name",
    "remote_phonebook.data.N.": "name password url username",
    "screensaver.": (
        "clock_move_interval delete display_clock.enable mode picture_change_interval type upload_url wait_time "
        "xml_browser.url"
    ),
    "search_in_dialing.": (
        "bw_directory.enable bw_directory.priority bw_uc_buddies.enable bw_uc_buddies.priority "
        "gb_pab_directory.enable gb_pab_directory.priority history.enable history.priority ldap.enable ldap.priority "
        "local_directory.enable local_directory.priority meta_call_log.enable meta_call_log.priority "
        "meta_directory.enable meta_directory.priority remote_phone_book.enable remote_phone_book.priority"
    ),
    "security.": (
        "ca_cert cn_validation complex_password.enable default_access_level default_ssl_method dev_cert "
        "download_library.ssl_method download_library.tls_cipher_list password_use_default.mode server_ssl_method "
        "tls_cipher_list trust_certificates user_name.admin user_name.user user_name.var user_password var_enable "
        "web_limited_access_level"
    ),
    "security.802_1x.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.auto_provision.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.dm.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.ldap.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.remote_phonebook.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.sip.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.sopi.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.tr069.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.web_server.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.xml_browser.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "security.xmpp_xsi.": "ca_cert cn_validation dev_cert ssl_method tls_cipher_list trust_certificates",
    "shortcutkey.N.": "icon label type value",
    "sip.": (
        "always_received_call.headers authentication_for_xsi bind_local_addr_enable call_fail_use_reason.enable "
        "call_park_without_blf check_autop_result_before_register check_sync.action_url check_sync.mode "
        "cid_source.preference dhcp.option120.mode disp_incall_to_info dns_transport_type emergency_call.mode "
        "escape_characters.enable h264.peer_resolution.default intercom_sub.enable limit_server_name "
        "limit_server_reason listen_in_peer_localip.enable listen_mode listen_port loopback.auto_answer.mode "
        "loopback.enable loopback_type mac_in_ua max_tcp_port max_udp_port min_tcp_port min_udp_port nat_stun.enable "
        "nat_stun.port nat_stun.server notify_reboot_enable pkt_loopback_directed_payload "
        "pkt_loopback_encapsulated_payload pkt_loopback_mode refer_by_header_auto_build reg_surge_prevention "
        "reliable_protocol.timerae.enable request_validation.digest.list request_validation.digest.realm "
        "request_validation.event request_validation.source.list requesturi.e164.addglobalprefix reserve_characters "
        "rfc2543_hold sdp_early_answer_or_offer send_keepalive_by_socket send_response_by_request "
        "skip_redundant_failover_addr sub_refresh_random switch_server_on_503_response tcp_port_random_mode "
        "terminate_notify_sub_delay_time timer_t1 timer_t2 timer_t4 tls_listen_port trust_ctrl "
        "unreg_with_socket_close use_23_as_pound use_out_bound_in_dialog"
    ),
    "sip.nat_turn.": "enable password port server username",
    "softkey.N.": "action enable label position softkey_id",
    "softkey.N.use.": (
        "call_failed conferenced connecting dialing dialtone held hold idle incoming_call on_talk ring_back "
        "transfer_connecting transfer_ring_back"
    ),
    "super_search.": "dial_pad recent_call url",
    "syslog.": (
        "bootlog_upload_wait_time enable facility ftp.append_limit_mode ftp.max_logfile ftp.post_mode level log_level "
        "log_upload_period mode prepend_mac_address.enable server server_port transport_type usb.enable"
    ),
    "template.": "N.name N.outbound.N.address N.outbound.N.port N.outbound.enable N.outbound.fallback_interval",
    "template.N.sip_server.N.": "address expires port retry_counts",
    "transfer.": (
        "blind_tran_on_hook_enable dsskey_deal_type multi_call_trans_enable on_hook_trans_enable "
        "semi_attend_tran_enable tran_others_after_conf_enable"
    ),
    "ume.": "call_push.enable directory.enable directory.update_time_interval",
    "voice.": (
        "ans_nb.enable bluetooth_headset_send call_preview_mode cng echo_cancellation g726.aal2.enable group_spk_vol "
        "handfree.autoreset_spk_vol handfree.spk_vol handfree.tone_vol handfree_send handset.autoreset_spk_vol "
        "handset.spk_vol handset.tia4965.enable handset.tone_vol handset_send headset.autoreset_spk_vol "
        "headset.spk_vol headset.tia4965.enable headset.tone_vol headset_send headset_side_tone intercom.tone_vol "
        "ring_vol rtcp.enable rtcp_cname rtcp_intval rtcp_xr.enable side_tone tns.enable "
        "tone.stutter_dial_tone.apply_to_dnd.enable tone.stutter_dial_tone.apply_to_fwd.enable vad"
    ),
    "voice.jib.": "adaptive max min normal",
    "voice.jib.wifi.": "adaptive max min normal",
    "voice.tone.": (
        "autoanswer busy callwaiting congestion country dial dialrecall info message record ring secondary_dial "
        "stutter stutterdial"
    ),
    "wifi.": "802_11e.enable enable function.enable show_scan_prompt",
    "wifi.N.": "cipher_type eap_password eap_type eap_user_name label password priority security_mode ssid",
    "wifiap.": "brocast_ssid channel dhcpd.mode dhcpd.segment enable generation password security_mode ssid",
    "wui.": "http_enable https_enable quick_login secure_domain_list",
    "xsi.": "host password user",
    "zero_touch.": "enable network_fail_delay_times network_fail_wait_times wait_time",
}

NAMES = frozenset(group + name for group, names in _BY_GROUP.items() for name in names.split())
