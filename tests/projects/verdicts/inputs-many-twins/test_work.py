import work
def test_nested_dict_a():
    for i in range(30):
        assert work.nested_dict('a')
def test_nested_dict_b():
    for i in range(30):
        assert work.nested_dict('b')
def test_parser_a():
    for i in range(30):
        assert work.parser('a')
def test_parser_b():
    for i in range(30):
        assert work.parser('b')
def test_frozen_replaced_a():
    for i in range(30):
        assert work.frozen_replaced('a')
def test_frozen_replaced_b():
    for i in range(30):
        assert work.frozen_replaced('b')
def test_argparse_space_a():
    for i in range(30):
        assert work.argparse_space('a')
def test_argparse_space_b():
    for i in range(30):
        assert work.argparse_space('b')
def test_get_by_name_a():
    for i in range(30):
        assert work.get_by_name('a')
def test_get_by_name_b():
    for i in range(30):
        assert work.get_by_name('b')
def test_class_method_a():
    for i in range(30):
        assert work.class_method('a')
def test_class_method_b():
    for i in range(30):
        assert work.class_method('b')
def test_flags_a():
    for i in range(30):
        assert work.flags('a')
def test_flags_b():
    for i in range(30):
        assert work.flags('b')
def test_named_a():
    for i in range(30):
        assert work.named('a')
def test_named_b():
    for i in range(30):
        assert work.named('b')
def test_chain_a():
    for i in range(30):
        assert work.chain('a')
def test_chain_b():
    for i in range(30):
        assert work.chain('b')
def test_proxy_map_a():
    for i in range(30):
        assert work.proxy_map('a')
def test_proxy_map_b():
    for i in range(30):
        assert work.proxy_map('b')
def test_closed_a():
    for i in range(30):
        assert work.closed('a')
def test_closed_b():
    for i in range(30):
        assert work.closed('b')
def test_behind_property_a():
    for i in range(30):
        assert work.behind_property('a')
def test_behind_property_b():
    for i in range(30):
        assert work.behind_property('b')
def test_descriptor_a():
    for i in range(30):
        assert work.descriptor('a')
def test_descriptor_b():
    for i in range(30):
        assert work.descriptor('b')
def test_dunder_call_a():
    for i in range(30):
        assert work.dunder_call('a')
def test_dunder_call_b():
    for i in range(30):
        assert work.dunder_call('b')
def test_dunder_getitem_a():
    for i in range(30):
        assert work.dunder_getitem('a')
def test_dunder_getitem_b():
    for i in range(30):
        assert work.dunder_getitem('b')
def test_stack_top_a():
    for i in range(30):
        assert work.stack_top('a')
def test_stack_top_b():
    for i in range(30):
        assert work.stack_top('b')
